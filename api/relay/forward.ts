import { Problem, type ProblemCode } from '../contract/problem.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import type { EnvelopeWithBody, RelayedEnvelope } from '../storage/relay.ts';
import { handOn, type Handover, type HandoverOutcome } from './hand-on.ts';
import { IN_DOUBT_MS } from './in-doubt.ts';
import { advanceEntry } from './mailbox.ts';
import { outgoingBell, owedBell, type RelayParts } from './parts.ts';
import { createPauses } from './pauses.ts';
import { createReceipt, readReceipt, toStored } from './receipts.ts';
import { workInRounds, type LoopOptions } from './work-loop.ts';

const LIMITS = { count: 64, bytes: 8 * 1024 * 1024 };

/** What the people of two exchanges can mend between them: the envelope waits for that instead of ending. */
const MENDABLE: readonly ProblemCode[] = [
  'recipient_unknown',
  'forbidden',
  'directory_untrusted',
  'directory_downgrade',
];

/** Hands what waits for one peer to it, until the signal is aborted. */
export function keepForwarding(parts: RelayParts, peer: ExchangeClient, options: LoopOptions): Promise<void> {
  const bell = outgoingBell(peer.exchange);
  const pauses = createPauses(options, () => parts.bells.ring(bell));
  return workInRounds(parts.bells, bell, options, async () => {
    const waiting = await parts.store.readOutgoing(peer.exchange, { ...LIMITS, except: pauses.closed() });
    if (waiting.length === 0) return 'idle';
    const live = await expireOver(parts, waiting);
    const byId = new Map(live.map((entry) => [entry.envelope.id, entry]));
    const settle = async (id: string, outcome: HandoverOutcome) => {
      const entry = byId.get(id);
      if (entry) await noteOutcome(parts, peer, entry, outcome);
    };
    const readPiece = (id: string, offset: number, length: number) => parts.store.readPiece(id, offset, length);
    try {
      const handOnParts = { client: peer, readPiece, settle, pauses, signal: options.signal };
      await handOn(handOnParts, live.map(toHandover));
      return 'done';
    } catch (error) {
      if (options.signal.aborted || error instanceof Problem) return 'failed';
      throw error;
    }
  });
}

async function expireOver(
  parts: RelayParts,
  waiting: readonly EnvelopeWithBody[],
): Promise<readonly EnvelopeWithBody[]> {
  const now = parts.now().getTime();
  const isOver = ({ envelope }: EnvelopeWithBody) => Date.parse(envelope.expires) + IN_DOUBT_MS <= now;
  await Promise.all(waiting.filter(isOver).map((entry) => advanceEntry(parts, entry, 'expired')));
  return waiting.filter((entry) => !isOver(entry));
}

const toHandover = ({ envelope, seal, body, size }: EnvelopeWithBody): Handover => ({
  ...{ id: envelope.id, to: envelope.to, conversation: envelope.conversation },
  ...{ seal, body, size },
});

/** A definite refusal ends the envelope with a receipt that says why, unless people can mend it. */
async function noteOutcome(
  parts: RelayParts,
  peer: ExchangeClient,
  entry: RelayedEnvelope,
  outcome: HandoverOutcome,
): Promise<void> {
  const { envelope, origin } = entry;
  if (outcome.kind === 'refused') {
    const { code } = outcome.problem;
    if (code === 'envelope_expired') return void (await advanceEntry(parts, entry, 'expired'));
    if (!MENDABLE.includes(code)) return void (await advanceEntry(parts, entry, 'refused', code));
    await parts.store.hold(envelope.id, code, await createReceipt(parts, envelope, 'held', code));
    if (origin) parts.bells.ring(owedBell(origin));
    return;
  }
  const theirs = await Promise.all(
    outcome.answer.receipts.map(async (jws) => {
      const receipt = await readReceipt(jws, parts.directory().exchangeKeys);
      const isOfThis =
        receipt.iss === peer.exchange && receipt.envelope === envelope.id && receipt.digest === envelope.digest;
      if (!isOfThis) throw new Problem('exchange_unreachable', 'the peer answered for another envelope');
      return { ...toStored(receipt, jws), isOwn: false };
    }),
  );
  if (theirs.length === 0) throw new Problem('exchange_unreachable', 'the peer gave no receipt');
  const ours = { ...(await createReceipt(parts, envelope, 'forwarded')), isOwn: true };
  await parts.store.advance(envelope.id, [ours, ...theirs]);
}
