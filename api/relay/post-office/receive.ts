import { openSealedEnvelope, type Envelope } from '../../contract/envelope.ts';
import { Problem } from '../../contract/problem.ts';
import { BATCH_LIMIT, EnvelopeBatchAnswer, Mailbox, type MailOutcomes } from '../../contract/relay-api.ts';
import { openBody } from '../../contract/sealed-body.ts';
import { handOnInOrder } from '../in-order.ts';
import { createPauses, type Pauses } from '../pauses.ts';
import { EXCEPT_LIMIT, readRouting } from '../routing.ts';
import { isTemporary } from '../temporary.ts';
import { workInRounds, type LoopOptions } from '../work-loop.ts';
import { fetchBody } from './fetch-body.ts';
import type { EnvelopeHandlers, PostOfficeParts, SessionHandler } from './parts.ts';

export interface ReceiveOptions extends LoopOptions {
  /** How long the exchange may hold a pull; 25 seconds when left out. */
  readonly waitSeconds?: number;
  /** Told of every envelope that was refused, for the operator. */
  readonly onRefusal?: (envelope: string, problem: Problem) => void;
  /** Takes frames of sessions; without it they are refused. */
  readonly onSession?: SessionHandler;
}

type Mail = Mailbox['envelopes'][number];
type Outcome = MailOutcomes['outcomes'][number];

const WAIT_SECONDS = 25;
const GRACE_MS = 60_000;
const CONVERSATIONS_AT_ONCE = 16;
const MAILBOX_BELL = 'own mailbox';
/** Whose mail was brought this lately holds no poll open: it only looks now and then whether something was left behind. */
const BROUGHT_MS = 5 * 60_000;

/** Where mail comes in: pulled from the mailbox, and brought by the exchange where it can reach us. */
export interface Receiving {
  /** Pulls and hands everything to its handler, until the signal is aborted. */
  keepPulling(): Promise<void>;
  /** Takes what the exchange brought; what became of it is told as for anything pulled. @throws {Problem} */
  take(mailbox: Mailbox): Promise<void>;
}

export function createReceiving(
  parts: PostOfficeParts,
  handlers: EnvelopeHandlers,
  options: ReceiveOptions,
): Receiving {
  let polling = new AbortController();
  let broughtAt = -Infinity;
  // A conversation that may go on is asked for at once, not when the poll under way ends.
  const pauses = createPauses(options, () => polling.abort());
  const desk: Desk = { parts, handlers, pauses, options, underWay: new Map() };
  const isBrought = () => parts.now().getTime() - broughtAt < BROUGHT_MS;
  const keepPulling = () =>
    workInRounds(parts.bells, MAILBOX_BELL, options, async () => {
      polling = new AbortController();
      try {
        const { envelopes } = await pull(
          parts,
          pauses,
          isBrought() ? { ...options, waitSeconds: 0 } : options,
          polling.signal,
        );
        await receiveAll(desk, envelopes);
        return envelopes.length === 0 && isBrought() ? 'idle' : 'done';
      } catch (error) {
        const isOurDoing = polling.signal.aborted && error === polling.signal.reason;
        if (isOurDoing) return 'done';
        if (options.signal.aborted || (error instanceof Problem && isTemporary(error))) return 'failed';
        throw error;
      }
    });
  return {
    keepPulling,
    async take({ envelopes }) {
      broughtAt = parts.now().getTime();
      const closed = new Set(pauses.closed());
      await receiveAll(
        desk,
        envelopes.filter((mail) => !closed.has(readOwnRouting(mail).conversation)),
      );
    },
  };
}

function pull(
  { client }: PostOfficeParts,
  pauses: Pauses,
  { waitSeconds = WAIT_SECONDS, signal }: ReceiveOptions,
  polling: AbortSignal,
): Promise<Mailbox> {
  const closed = pauses.closed().slice(0, EXCEPT_LIMIT);
  const except = closed.length === 0 ? '' : `&except=${closed.join(',')}`;
  return client.get(`/api/mailbox?wait=${waitSeconds}${except}`, Mailbox, {
    signal: AbortSignal.any([signal, polling]),
    timeoutMs: waitSeconds * 1000 + GRACE_MS,
  });
}

interface Desk {
  readonly parts: PostOfficeParts;
  readonly handlers: EnvelopeHandlers;
  /** By conversation. */
  readonly pauses: Pauses;
  readonly options: ReceiveOptions;
  /** By envelope: what is pulled and brought at the same time is handled once. */
  readonly underWay: Map<string, Promise<Problem | undefined>>;
}

/** Each conversation in order; what has to wait holds up its conversation and nothing else. */
async function receiveAll(desk: Desk, mails: readonly Mail[]): Promise<void> {
  const { parts, pauses, options } = desk;
  const outcomes: Outcome[] = [];
  const items = mails.map((mail) => ({ mail, ...readOwnRouting(mail) }));
  await handOnInOrder(
    items,
    ({ conversation }) => conversation,
    CONVERSATIONS_AT_ONCE,
    async ({ mail, id, conversation }) => {
      const problem = await receiveOnce(desk, mail, id);
      if (problem && isTemporary(problem)) {
        pauses.fail(conversation, problem.retryAfterSeconds);
        return false;
      }
      pauses.succeed(conversation);
      if (problem) options.onRefusal?.(id, problem);
      outcomes.push(problem ? { kind: 'refused', id, reason: problem.code } : { kind: 'acknowledged', id });
      return true;
    },
  );
  for (let at = 0; at < outcomes.length; at += BATCH_LIMIT) {
    const some = { outcomes: outcomes.slice(at, at + BATCH_LIMIT) };
    await parts.client.post('/api/mailbox/outcomes', some, EnvelopeBatchAnswer, { signal: options.signal });
  }
}

function readOwnRouting({ envelope }: Mail) {
  try {
    return readRouting(envelope);
  } catch (cause) {
    throw new Problem('exchange_unreachable', 'the mailbox holds something that is no envelope', { cause });
  }
}

function receiveOnce(desk: Desk, mail: Mail, id: string): Promise<Problem | undefined> {
  const { underWay } = desk;
  let work = underWay.get(id);
  if (!work) underWay.set(id, (work = receive(desk, mail, id).finally(() => underWay.delete(id))));
  return work;
}

/** Resolves with why the envelope was not taken; with nothing once its effect is stored. */
async function receive({ parts, handlers, options }: Desk, mail: Mail, id: string): Promise<Problem | undefined> {
  try {
    const body = mail.body ?? (await fetchBody(parts.client, { id, size: mail.size ?? 0 }, options));
    const findKey = ({ from }: Envelope) => parts.directory().institutionKeys(from);
    const envelope = await openSealedEnvelope(mail.envelope, body, findKey);
    if (envelope.to !== parts.institution) throw new Problem('request_wrong_recipient', 'an envelope to someone else');
    parts.directory().requireEnvelopeAccess(envelope);
    // Handed out in time, and asked about since: what was stored then is acknowledged, anything else is too late.
    const isOver = Date.parse(envelope.expires) <= parts.now().getTime();
    if (isOver && !(await parts.store.isHandled(envelope.id))) throw new Problem('envelope_expired', envelope.expires);
    if (envelope.kind === 'session') {
      if (!options.onSession || typeof body !== 'string') throw new Problem('session_unknown', 'no sessions here');
      await options.onSession(envelope, body);
      return undefined;
    }
    if (await parts.store.isHandled(envelope.id)) return undefined;
    await handlers[envelope.kind](envelope, await openBody(body, parts.decryptionKeys));
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error;
  }
}
