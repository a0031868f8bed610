import { pause } from '../http/back-off.ts';
import { advanceOwn } from './mailbox.ts';
import type { RelayParts } from './parts.ts';

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

/** Looks for expired envelopes until the signal is aborted. */
export async function keepExpiring(parts: RelayParts, signal: AbortSignal, everyMs = 10_000): Promise<void> {
  while (!signal.aborted) {
    await expireEnvelopes(parts);
    await pause(everyMs, signal);
  }
}
