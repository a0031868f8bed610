import type { SimulatedCard } from '../../../ccid/simulated/card.ts';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';

/** T=1 offered alone, default speed, IFSC 254, LRC. */
export const ATR_T1 = parseHex('3B F0 11 00 FF 81 31 FE 45 86'.replace('86', 'EA'));
/** T=0 alone, nothing else said. */
export const ATR_T0 = parseHex('3B 00');

export interface TestCard extends SimulatedCard {
  /** Commands that reached the card, in order. */
  readonly commands: Uint8Array[];
  readonly resets: { count: number };
}

/**
 * A card whose answer is a function of the command alone: `Ne` bytes that depend on header and data, and 9000. A wrong
 * answer, one of another command or a shortened one shows itself.
 */
export function createTestCard(atr: Uint8Array): TestCard {
  const commands: Uint8Array[] = [];
  const resets = { count: 0 };
  return {
    atr,
    commands,
    resets,
    reset() {
      resets.count++;
    },
    process(command) {
      commands.push(command.slice());
      return Promise.resolve(expectedAnswer(command));
    },
  };
}

/** What {@link createTestCard} answers. */
export function expectedAnswer(command: Uint8Array): Uint8Array {
  const { lc, ne } = lengths(command);
  const seed = command.reduce((sum, byte, i) => (sum * 31 + byte + i) >>> 0, lc);
  const answer = new Uint8Array(ne + 2);
  for (let i = 0; i < ne; i++) answer[i] = (seed >>> (i % 24)) ^ (i * 7);
  answer.set([0x90, 0x00], ne);
  return answer;
}

function lengths(command: Uint8Array): { lc: number; ne: number } {
  const n = command.length;
  if (n === 4) return { lc: 0, ne: 0 };
  const [b5 = 0, b6 = 0, b7 = 0] = command.subarray(4);
  if (n === 5) return { lc: 0, ne: b5 || 256 };
  if (b5 !== 0) return { lc: b5, ne: n === 5 + b5 ? 0 : command[n - 1] || 256 };
  if (n === 7) return { lc: 0, ne: (b6 << 8) | b7 || 65_536 };
  const lc = (b6 << 8) | b7;
  if (n === 7 + lc) return { lc, ne: 0 };
  return { lc, ne: ((command[n - 2] ?? 0) << 8) | (command[n - 1] ?? 0) || 65_536 };
}
