import type { BlockFault } from '../faults.ts';
import type { BlockOutcome } from './block-outcome.ts';
import type { T1CardSide } from './t1-card.ts';

/** Carries one block to a T=1 card and its answer back, over a line that does with it what was ordered. */
export async function passBlock(
  card: T1CardSide,
  block: Uint8Array,
  fault: BlockFault | undefined,
): Promise<BlockOutcome> {
  if (fault === 'lost-command') return { kind: 'error', bError: 0xfe };
  const answer = await card.receive(fault === 'corrupt-command' ? flipBit(block) : block);
  if (fault === 'lost-answer') return { kind: 'error', bError: 0xfe };
  if (fault === 'parity-error') return { kind: 'error', bError: 0xfd };
  return { kind: 'data', data: fault === 'corrupt-answer' ? flipBit(answer) : answer, chain: 0 };
}

function flipBit(bytes: Uint8Array): Uint8Array {
  const flipped = bytes.slice();
  flipped[flipped.length - 1] = (flipped[flipped.length - 1] ?? 0) ^ 0x10;
  return flipped;
}
