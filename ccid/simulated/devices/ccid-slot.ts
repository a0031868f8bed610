import type { SimulatedCard } from '../card.ts';
import type { ReaderFaults } from '../faults.ts';
import type { CcidReaderModel } from './ccid-descriptors.ts';
import { PoweredCard } from './powered-card.ts';

/** The outcome of one block: data with bChainParameter, or bError. */
export type BlockOutcome =
  | { readonly kind: 'data'; readonly data: Uint8Array; readonly chain: number }
  | { readonly kind: 'error'; readonly bError: number };

const AUTO_PPS = 0x80;
const AUTO_NEGOTIATION = 0x40;
const TPDU = 0x10000;
const EXTENDED = 0x40000;
const APDU_LEVELS = 0x60000;

const MUTE: BlockOutcome = { kind: 'error', bError: 0xfe };

/** Thrown inside a slot by a card that says nothing. */
class Silence extends Error {}

/** One slot of the simulated reader: the card in it, its power, the parameters of the line. */
export class CcidSlotFirmware {
  readonly #model: CcidReaderModel;
  readonly #faults: ReaderFaults;
  readonly #onPulled: () => void;
  #card: SimulatedCard | undefined;
  #powered: PoweredCard | undefined;
  /** Protocol and first parameter byte that the reader works with. */
  #line = { protocol: 0, structure: Uint8Array.of(0x11, 0, 0, 10, 0) };
  #command: number[] = [];
  #response: { readonly bytes: Uint8Array; at: number } | undefined;

  constructor(model: CcidReaderModel, faults: ReaderFaults, onPulled: () => void) {
    this.#model = model;
    this.#faults = faults;
    this.#onPulled = onPulled;
  }

  get isPresent(): boolean {
    return this.#card !== undefined;
  }

  /** Bits 0 and 1 of bStatus. */
  get iccStatus(): number {
    return this.#powered ? 0 : this.#card ? 1 : 2;
  }

  get line(): { readonly protocol: number; readonly structure: Uint8Array } {
    return this.#line;
  }

  insert(card: SimulatedCard): void {
    this.#card = card;
    this.#faults.forgetMute();
  }

  remove(): void {
    this.#card = undefined;
    this.powerOff();
  }

  powerOff(): void {
    this.#powered = undefined;
    this.#command = [];
    this.#response = undefined;
  }

  /** The ATR, or `undefined` without a card. */
  powerOn(): Uint8Array | undefined {
    const card = this.#card;
    if (!card) return undefined;
    this.#powered = new PoweredCard(card, (command) => this.#process(card, command));
    this.#line = { protocol: 0, structure: Uint8Array.of(0x11, 0, 0, 10, 0) };
    return card.atr.slice();
  }

  setParameters(protocol: number, structure: Uint8Array): boolean {
    if (structure.length !== (protocol === 0 ? 5 : 7) || !this.#powered) return false;
    if ((this.#model.dwProtocols & (1 << protocol)) === 0) return false;
    const isAutomatic = (this.#model.dwFeatures & AUTO_PPS) !== 0;
    if (isAutomatic && !this.#powered.negotiateAlone(protocol, structure[0] ?? 0x11)) return false;
    this.#line = { protocol, structure: structure.slice() };
    return true;
  }

  /** What PC_to_RDR_XfrBlock does at the reader's level; at APDU level the reader speaks the card's protocol unseen. */
  async transfer(block: Uint8Array, wLevelParameter: number): Promise<BlockOutcome> {
    const powered = this.#powered;
    if (!powered || this.#faults.isMuted) return MUTE;
    try {
      if (this.#model.dwFeatures & APDU_LEVELS) return await this.#transferApdu(powered, block, wLevelParameter);
      if (this.#model.dwFeatures & TPDU) return await this.#transferTpdu(powered, block);
      return { kind: 'error', bError: 0 };
    } catch (reason) {
      if (reason instanceof Silence) return MUTE;
      throw reason;
    }
  }

  async #transferTpdu(powered: PoweredCard, block: Uint8Array): Promise<BlockOutcome> {
    if (block[0] === 0xff) {
      const answer = powered.negotiate(block);
      return answer ? whole(answer) : MUTE;
    }
    // Two sides that disagree about protocol or speed hear noise, and a card that hears noise is silent.
    const { protocol, structure } = this.#line;
    const isAgreed = protocol === powered.protocol && structure[0] === powered.fiDi;
    if (!isAgreed && !(this.#model.dwFeatures & AUTO_NEGOTIATION)) return MUTE;
    return whole(await (powered.protocol === 1 ? powered.t1.receive(block) : powered.t0.receive(block)));
  }

  async #transferApdu(powered: PoweredCard, block: Uint8Array, wLevelParameter: number): Promise<BlockOutcome> {
    if (!(this.#model.dwFeatures & EXTENDED)) {
      if (wLevelParameter !== 0) return { kind: 'error', bError: 8 };
      if (block.length > 261) return { kind: 'error', bError: 1 };
      return whole(await powered.process(block));
    }
    if (wLevelParameter === 0x10) return this.#nextResponsePart();
    this.#response = undefined;
    if (wLevelParameter === 0 || wLevelParameter === 1) this.#command = [];
    this.#command.push(...block);
    if (wLevelParameter === 1 || wLevelParameter === 3) return { kind: 'data', data: new Uint8Array(), chain: 0x10 };
    const command = Uint8Array.from(this.#command);
    this.#command = [];
    this.#response = { bytes: await powered.process(command), at: 0 };
    return this.#nextResponsePart();
  }

  #nextResponsePart(): BlockOutcome {
    const response = this.#response;
    if (!response) return { kind: 'error', bError: 8 };
    const room = this.#model.dwMaxCCIDMessageLength - 10;
    const data = response.bytes.slice(response.at, response.at + room);
    const isFirst = response.at === 0;
    response.at += data.length;
    const isLast = response.at >= response.bytes.length;
    if (isLast) this.#response = undefined;
    return { kind: 'data', data, chain: isFirst ? (isLast ? 0 : 1) : isLast ? 2 : 3 };
  }

  async #process(card: SimulatedCard, command: Uint8Array): Promise<Uint8Array> {
    const what = this.#faults.nextApdu();
    if (what === 'answer') {
      const answer = await card.process(command);
      // Taken away by hand while it was working.
      if (this.#card === card && this.#powered) return answer;
      throw new Silence('the card does not answer');
    }
    if (what === 'pull') {
      this.remove();
      this.#onPulled();
    }
    throw new Silence('the card does not answer');
  }
}

function whole(data: Uint8Array): BlockOutcome {
  return { kind: 'data', data, chain: 0 };
}
