import { encodeUtf8 } from '../contract/encoding.ts';
import { ENVELOPE_HEADER, EnvelopeAnswer } from '../contract/exchange-api.ts';
import { Problem } from '../contract/problem.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import type { EnvelopeWithBody } from '../storage/relay.ts';
import { handOnInOrder } from './in-order.ts';
import { advanceOwn } from './mailbox.ts';
import { outgoingBell, type RelayParts } from './parts.ts';
import { createReceipt, readReceipt, toStored } from './receipts.ts';
import { isTemporary } from './temporary.ts';
import { workInRounds, type LoopOptions } from './work-loop.ts';

const LIMITS = { count: 64, bytes: 32 * 1024 * 1024 };
const CONVERSATIONS_AT_ONCE = 8;
/** Enough for the largest body over a slow line. */
const TIMEOUT_MS = 120_000;

/** Hands what waits for one peer to it, until the signal is aborted. */
export const keepForwarding = (parts: RelayParts, peer: ExchangeClient, options: LoopOptions): Promise<void> =>
  workInRounds(parts.bells, outgoingBell(peer.exchange), options, async () => {
    const waiting = await parts.store.readOutgoing(peer.exchange, LIMITS);
    if (waiting.length === 0) return 'idle';
    const isThrough = await handOnInOrder(
      waiting,
      ({ envelope }) => envelope.conversation,
      CONVERSATIONS_AT_ONCE,
      (entry) => forward(parts, peer, entry, options.signal),
    );
    return isThrough ? 'done' : 'failed';
  });

/** Resolves false when it has to be tried again; a definite refusal ends the envelope with a receipt that says why. */
async function forward(
  parts: RelayParts,
  peer: ExchangeClient,
  { envelope, seal, body }: EnvelopeWithBody,
  signal: AbortSignal,
): Promise<boolean> {
  if (Date.parse(envelope.expires) <= parts.now().getTime()) {
    await advanceOwn(parts, envelope.id, 'expired');
    return true;
  }
  try {
    const options = { headers: { [ENVELOPE_HEADER]: seal }, timeoutMs: TIMEOUT_MS, signal };
    const answer = await peer.post('/api/envelopes', encodeUtf8(body), EnvelopeAnswer, options);
    const theirs = await Promise.all(
      answer.receipts.map(async (jws) => {
        const receipt = await readReceipt(jws, parts.directory().exchangeKeys);
        const isOfThis = receipt.envelope === envelope.id && receipt.digest === envelope.digest;
        if (!isOfThis) throw new Problem('exchange_unreachable', 'the peer answered for another envelope');
        return { ...toStored(receipt, jws), isOwn: false };
      }),
    );
    if (theirs.length === 0) throw new Problem('exchange_unreachable', 'the peer gave no receipt');
    const ours = { ...(await createReceipt(parts, envelope, 'forwarded')), isOwn: true };
    await parts.store.advance(envelope.id, [ours, ...theirs]);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    if (!(error instanceof Problem)) throw error;
    if (isTemporary(error)) return false;
    await advanceOwn(parts, envelope.id, 'refused', error.code);
    return true;
  }
}
