import { readFileSync } from 'node:fs';
import {
  createSimulatedCard,
  type MyNumberPersonalisation,
  type SimulatedCard,
  type StatefulCard,
} from 'webusb-ccid/simulated';

const file = new URL('../../../ccid/simulated/test-cards/my-number-card.json', import.meta.url);

/** PINs: authentication 1234, signature ABC123, text 5678. */
export const myNumberPersonalisation = JSON.parse(readFileSync(file, 'utf8')) as MyNumberPersonalisation;

export const createMyNumberCard = (changes: Partial<MyNumberPersonalisation> = {}): StatefulCard =>
  createSimulatedCard({ ...myNumberPersonalisation, ...changes });

export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** Answers to reset with one protocol in them, and nothing else that a reader could take its cue from. */
const ATRS = {
  'T=0': [0x3b, 0x00],
  'T=1': [0x3b, 0xf0, 0x11, 0x00, 0xff, 0x81, 0x31, 0xfe, 0x45, 0xea],
} as const;

/** The same card, built for one protocol; its own answer to reset offers both. */
export function overProtocol(card: SimulatedCard, protocol: keyof typeof ATRS): SimulatedCard {
  const atr = Uint8Array.from(ATRS[protocol]);
  return { atr, reset: () => card.reset(), process: (command) => card.process(command) };
}
