import { encodeHex } from '../../iso7816/bytes.ts';
import type { AccessCondition, Application, CardFile, PinFile, SecurityAttribute } from './card-file.ts';
import type { PinMemory } from './pin-memory.ts';
import { refuse } from './refusal.ts';

/** Fills the array with random bytes, as `crypto.getRandomValues` does. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => void;

/** What a card knows between two commands: selections and security status. All of it is gone after a reset. */
export class CardSession {
  readonly applications: readonly Application[];
  readonly pins: PinMemory;
  readonly fillRandom: FillRandom;
  currentFile: CardFile | undefined;
  /** Key chosen by MANAGE SECURITY ENVIRONMENT. */
  signatureKey: CardFile | undefined;
  #application: Application | undefined;
  #satisfied = new Set<SecurityAttribute>();

  /** @param selectedAtReset what a card selects by itself */
  constructor(
    applications: readonly Application[],
    selectedAtReset: Application | undefined,
    pins: PinMemory,
    fillRandom: FillRandom,
  ) {
    this.applications = applications;
    this.pins = pins;
    this.fillRandom = fillRandom;
    this.#application = selectedAtReset;
  }

  /** @throws {Refusal} 6A82 when nothing is selected */
  get application(): Application {
    return this.#application ?? refuse('fileNotFound');
  }

  get hasApplication(): boolean {
    return this.#application !== undefined;
  }

  /** Selecting an application, even the same one again, ends every security status. */
  select(application: Application): void {
    this.#application = application;
    this.currentFile = undefined;
    this.signatureKey = undefined;
    this.#satisfied.clear();
  }

  /** @throws {Refusal} 6A82 */
  fileById(id: number): CardFile {
    return this.application.files.find((file) => file.id === id) ?? refuse('fileNotFound');
  }

  /** @throws {Refusal} with the reason given */
  fileBySfi(sfi: number, otherwise: 'fileNotFound' | 'referenceNotFound'): CardFile {
    return this.application.files.find((file) => file.sfi === sfi) ?? refuse(otherwise);
  }

  satisfy(attribute: SecurityAttribute): void {
    this.#satisfied.add(attribute);
  }

  withdraw(attribute: SecurityAttribute): void {
    this.#satisfied.delete(attribute);
  }

  has(attribute: SecurityAttribute): boolean {
    return this.#satisfied.has(attribute);
  }

  /** @throws {Refusal} 6982 when the condition does not hold */
  require(condition: AccessCondition): void {
    if (condition === 'free') return;
    if (condition === 'never' || !condition.anyOf.some((attribute) => this.has(attribute))) refuse('securityStatus');
  }

  /** The name under which the card remembers a PIN of the selected application. */
  pinName(pin: PinFile): string {
    return `${encodeHex(this.application.name)}/${pin.id.toString(16).toUpperCase().padStart(4, '0')}`;
  }
}
