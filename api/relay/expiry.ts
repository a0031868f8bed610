import { IN_DOUBT_MS } from './in-doubt.ts';
import { advanceEntry } from './mailbox.ts';
import type { RelayParts } from './parts.ts';
import { workInRounds, type LoopOptions } from './work-loop.ts';

const BATCH = 200;

/** Held longer than this, an envelope is refused for the reason it was held for: its sender shall know where it stands. */
export const LONGEST_HOLD_MS = 24 * 3_600_000;

/** Ends every envelope whose time is over, with a receipt, and forgets uploads that never became whole; resolves with how many. */
export async function expireEnvelopes(parts: RelayParts): Promise<number> {
  let count = await parts.store.dropUploads(parts.now());
  for (;;) {
    const now = parts.now();
    const inDoubtBefore = new Date(now.getTime() - IN_DOUBT_MS);
    const expired = await parts.store.readExpired({ now, inDoubtBefore }, BATCH);
    await Promise.all(expired.map((entry) => advanceEntry(parts, entry, 'expired')));
    count += expired.length;
    if (expired.length < BATCH) break;
  }
  return count + (await refuseHeld(parts));
}

async function refuseHeld(parts: RelayParts): Promise<number> {
  const before = new Date(parts.now().getTime() - LONGEST_HOLD_MS);
  const held = await parts.store.readHeld(before, BATCH);
  await Promise.all(held.map((letter) => advanceEntry(parts, letter, 'refused', letter.reason ?? undefined)));
  return held.length;
}

const EXPIRY_BELL = 'expiry';

/** Looks for what is over every half minute until the signal is aborted. */
export const keepExpiring = (parts: RelayParts, options: LoopOptions): Promise<void> =>
  workInRounds(parts.bells, EXPIRY_BELL, options, async () => ((await expireEnvelopes(parts)) > 0 ? 'done' : 'idle'));
