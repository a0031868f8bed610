import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CardChannel } from 'webusb-ccid';
import {
  createSimulatedCard,
  type ForeignPersonalisation,
  type HpkiPersonalisation,
  type MyNumberPersonalisation,
  type SimulatedCard,
} from 'webusb-ccid/simulated';

// Not `new URL(path, import.meta.url)`: tests that are compiled for a browser have that rewritten to an asset's address.
const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../ccid/simulated/test-cards');
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** PINs: authentication 1234, signature ABC123, text 5678. */
export const myNumberPersonalisation = read('my-number-card.json') as MyNumberPersonalisation;
/** PIN: secret12. */
export const hpkiPersonalisation = read('hpki-card.json') as HpkiPersonalisation;
/** PINs: 1111 and 2222. */
export const foreignPersonalisation = read('foreign-card.json') as ForeignPersonalisation;

/** Random bytes that are the same in every run. */
export function fillCounting(bytes: Uint8Array): void {
  bytes.forEach((_, i) => (bytes[i] = i & 0xff));
}

export const createMyNumberCard = (changes: Partial<MyNumberPersonalisation> = {}) =>
  createSimulatedCard({ ...myNumberPersonalisation, ...changes }, undefined, fillCounting);
export const createHpkiCard = (changes: Partial<HpkiPersonalisation> = {}) =>
  createSimulatedCard({ ...hpkiPersonalisation, ...changes }, undefined, fillCounting);
export const createForeignCard = () => createSimulatedCard(foreignPersonalisation, undefined, fillCounting);

/** A channel straight to a card, and every command that went through it. */
export function openChannel(card: SimulatedCard): CardChannel & { readonly sent: readonly Uint8Array[] } {
  const sent: Uint8Array[] = [];
  return {
    sent,
    transmit(command) {
      sent.push(command.slice());
      return card.process(command.slice());
    },
  };
}

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64'));
