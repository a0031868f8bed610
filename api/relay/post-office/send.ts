import { encodeUtf8 } from '../../contract/encoding.ts';
import { ENVELOPE_HEADER, EnvelopeAnswer } from '../../contract/exchange-api.ts';
import { Problem } from '../../contract/problem.ts';
import type { OutgoingEnvelope } from '../../storage/post-office.ts';
import { handOnInOrder } from '../in-order.ts';
import { isTemporary } from '../temporary.ts';
import { workInRounds, type LoopOptions } from '../work-loop.ts';
import { noteAnswer } from './follow.ts';
import { OUTBOX_BELL, type PostOfficeParts } from './parts.ts';

const LIMITS = { count: 32, bytes: 32 * 1024 * 1024 };
const CONVERSATIONS_AT_ONCE = 4;
const TIMEOUT_MS = 120_000;

/** Sends what waits in the outbox to the exchange, until the signal is aborted. */
export const keepSending = (parts: PostOfficeParts, options: LoopOptions): Promise<void> =>
  workInRounds(parts.bells, OUTBOX_BELL, options, async () => {
    const waiting = await parts.store.readUnsent(LIMITS);
    if (waiting.length === 0) return 'idle';
    const isThrough = await handOnInOrder(
      waiting,
      ({ conversation }) => conversation,
      CONVERSATIONS_AT_ONCE,
      (outgoing) => send(parts, outgoing, options.signal),
    );
    return isThrough ? 'done' : 'failed';
  });

async function send(parts: PostOfficeParts, outgoing: OutgoingEnvelope, signal: AbortSignal): Promise<boolean> {
  const { id, seal, body, expires } = outgoing;
  const now = parts.now();
  if (expires <= now) {
    await parts.store.noteState(id, 'expired', { receipts: [], lookAgain: now });
    return true;
  }
  try {
    const options = { headers: { [ENVELOPE_HEADER]: seal }, timeoutMs: TIMEOUT_MS, signal };
    const answer = await parts.client.post('/api/envelopes', encodeUtf8(body), EnvelopeAnswer, options);
    await noteAnswer(parts, outgoing, answer);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    if (!(error instanceof Problem)) throw error;
    if (isTemporary(error)) return false;
    await parts.store.noteState(id, 'refused', { receipts: [], reason: error.code, lookAgain: now });
    return true;
  }
}
