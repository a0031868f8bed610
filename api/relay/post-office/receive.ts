import * as z from 'zod';
import { openSealedEnvelope, type Envelope } from '../../contract/envelope.ts';
import { EnvelopeAnswer, Mailbox } from '../../contract/exchange-api.ts';
import { Problem, type ProblemCode } from '../../contract/problem.ts';
import { openBody } from '../../contract/sealed-body.ts';
import { Uuidv7 } from '../../contract/ids.ts';
import { JoseError, readClaims } from '../../contract/jose.ts';
import { isTemporary } from '../temporary.ts';
import { workInRounds, type LoopOptions } from '../work-loop.ts';
import type { EnvelopeHandlers, PostOfficeParts } from './parts.ts';

export interface ReceiveOptions extends LoopOptions {
  /** How long the exchange may hold a pull; 25 seconds when left out. */
  readonly waitSeconds?: number;
  /** Told of every envelope that was refused, for the operator. */
  readonly onRefusal?: (envelope: string, problem: Problem) => void;
}

type Mail = z.infer<typeof Mailbox>['envelopes'][number];

const WAIT_SECONDS = 25;
const GRACE_MS = 60_000;
const MAILBOX_BELL = 'own mailbox';

/** Pulls the mailbox and hands everything to its handler, until the signal is aborted. */
export const keepReceiving = (
  parts: PostOfficeParts,
  handlers: EnvelopeHandlers,
  options: ReceiveOptions,
): Promise<void> =>
  workInRounds(parts.bells, MAILBOX_BELL, options, async () => {
    const wait = options.waitSeconds ?? WAIT_SECONDS;
    try {
      const { envelopes } = await parts.client.get(`/api/mailbox?wait=${wait}`, Mailbox, {
        signal: options.signal,
        timeoutMs: wait * 1000 + GRACE_MS,
      });
      return (await receiveAll(parts, handlers, envelopes, options)) ? 'done' : 'failed';
    } catch (error) {
      if (options.signal.aborted || (error instanceof Problem && isTemporary(error))) return 'failed';
      throw error;
    }
  });

/** In order; what has to wait holds up its conversation and nothing else. */
async function receiveAll(
  parts: PostOfficeParts,
  handlers: EnvelopeHandlers,
  mails: readonly Mail[],
  options: ReceiveOptions,
): Promise<boolean> {
  const held = new Set<string>();
  for (const mail of mails) {
    const { id, conversation } = readRouting(mail);
    if (held.has(conversation)) continue;
    const problem = await receive(parts, handlers, mail);
    if (problem && isTemporary(problem)) {
      held.add(conversation);
    } else if (problem) {
      options.onRefusal?.(id, problem);
      await answer(parts, id, 'refusals', { reason: problem.code }, options.signal);
    } else {
      await answer(parts, id, 'acknowledgements', undefined, options.signal);
    }
  }
  return held.size === 0;
}

const Routing = z.object({ id: Uuidv7, conversation: Uuidv7 });

function readRouting({ envelope }: Mail): z.infer<typeof Routing> {
  try {
    return readClaims(envelope, Routing);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('exchange_unreachable', 'the mailbox holds something that is no envelope', { cause });
  }
}

/** Resolves with why the envelope was not taken; with nothing once its effect is stored. */
async function receive(
  parts: PostOfficeParts,
  handlers: EnvelopeHandlers,
  { envelope: seal, body }: Mail,
): Promise<Problem | undefined> {
  try {
    const envelope = await openSealedEnvelope(seal, body, ({ from }) => parts.directory().institutionKeys(from));
    requireForUs(envelope, parts);
    if (await parts.store.isHandled(envelope.id)) return undefined;
    await handlers[envelope.kind](envelope, await openBody(body, parts.decryptionKeys));
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error;
  }
}

function requireForUs({ to }: Envelope, { institution }: PostOfficeParts): void {
  if (to !== institution) throw new Problem('request_wrong_recipient', 'an envelope to someone else');
}

const answer = (
  { client }: PostOfficeParts,
  id: string,
  what: 'acknowledgements' | 'refusals',
  body: { readonly reason: ProblemCode } | undefined,
  signal: AbortSignal,
): Promise<EnvelopeAnswer> => client.post(`/api/mailbox/${id}/${what}`, body, EnvelopeAnswer, { signal });
