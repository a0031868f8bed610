import type { EnvelopeAnswer, EnvelopeBatch, EnvelopeBatchAnswer } from '../contract/relay-api.ts';
import { BATCH_LIMIT } from '../contract/relay-api.ts';
import { Problem } from '../contract/problem.ts';
import { toProblem } from '../http/problem-answer.ts';
import type { RelayedEnvelope } from '../storage/relay.ts';
import { acceptEnvelope } from './accept-envelope.ts';
import type { Caller } from './admission.ts';
import { BODY_LIMIT_BYTES } from './body-shape.ts';
import { handOnInOrder } from './in-order.ts';
import type { RelayParts } from './parts.ts';
import { readRouting } from './routing.ts';
import { isTemporary } from './temporary.ts';

/** A full batch of the largest bodies that travel in one piece would be this much; honest ones are far smaller. */
export const BATCH_BODY_LIMIT_BYTES = BATCH_LIMIT * (BODY_LIMIT_BYTES + 8192);

type BatchAnswer = EnvelopeBatchAnswer['answers'][number];

/**
 * Takes envelopes into the relay, each by itself; of a conversation in their order, and none after one that was not taken
 * for now. They are verified side by side and share their commits.
 */
export async function acceptBatch(
  parts: RelayParts,
  caller: Caller,
  envelopes: EnvelopeBatch['envelopes'],
): Promise<readonly BatchAnswer[]> {
  const later = toAnswer(new Problem('unavailable', 'an earlier envelope of the conversation has to wait'));
  const answers: BatchAnswer[] = envelopes.map(() => later);
  const items = envelopes.map(({ envelope: seal, body }, at) => ({ seal, body, at }));
  await handOnInOrder(
    items,
    ({ seal, at }) => conversationOf(seal) ?? `unreadable ${at}`,
    items.length,
    async ({ seal, body, at }) => {
      const taken = await answerEach(() => acceptEnvelope(parts, caller, seal, body));
      answers[at] = taken;
      return 'id' in taken || !isTemporary(new Problem(taken.problem.code, ''));
    },
  );
  return answers;
}

function conversationOf(seal: string): string | undefined {
  try {
    return readRouting(seal).conversation;
  } catch {
    // Whoever opens it says what is wrong with it.
    return undefined;
  }
}

/** The envelope's state, or the problem of this one alone. A failure that is no refusal fails the whole request. */
export async function answerEach(find: () => Promise<RelayedEnvelope>): Promise<BatchAnswer> {
  try {
    return answer(await find());
  } catch (error) {
    const problem = toProblem(error);
    if (problem.code === 'internal') throw error;
    return toAnswer(problem);
  }
}

function toAnswer(problem: Problem): BatchAnswer {
  const { retryAfterSeconds } = problem;
  return { problem: problem.toDocument(), ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}

export const answer = ({ envelope, state, receipts }: RelayedEnvelope): EnvelopeAnswer => ({
  id: envelope.id,
  state,
  receipts,
});
