import { advanceOwn } from './mailbox.ts';
import type { RelayParts } from './parts.ts';
import { workInRounds, type LoopOptions } from './work-loop.ts';

const BATCH = 200;

/** Ends every envelope whose time is over, with a receipt; resolves with how many. */
export async function expireEnvelopes(parts: RelayParts): Promise<number> {
  let count = 0;
  for (;;) {
    const expired = await parts.store.readExpired(parts.now(), BATCH);
    for (const { envelope } of expired) await advanceOwn(parts, envelope.id, 'expired');
    count += expired.length;
    if (expired.length < BATCH) return count;
  }
}

const EXPIRY_BELL = 'expiry';

/** Looks for expired envelopes every half minute until the signal is aborted. */
export const keepExpiring = (parts: RelayParts, options: LoopOptions): Promise<void> =>
  workInRounds(parts.bells, EXPIRY_BELL, options, async () => ((await expireEnvelopes(parts)) > 0 ? 'done' : 'idle'));
