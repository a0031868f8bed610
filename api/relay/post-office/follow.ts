import { BATCH_LIMIT, EnvelopeBatchAnswer, type EnvelopeAnswer } from '../../contract/relay-api.ts';
import { isFinalState } from '../../contract/envelope-progress.ts';
import { Problem } from '../../contract/problem.ts';
import { pause } from '../../http/back-off.ts';
import type { EnvelopeProgress } from '../../storage/post-office.ts';
import { readReceipt } from '../receipts.ts';
import { workInRounds, type LoopOptions } from '../work-loop.ts';
import type { PostOfficeParts } from './parts.ts';

const SOONEST_MS = 500;
const LATEST_MS = 60_000;
const FOLLOW_BELL = 'follow';

export interface FollowOptions extends LoopOptions {
  /** How often to look for envelopes that are due; twice a second when left out. */
  readonly lookEveryMs?: number;
}

/** Asks the exchange how far the envelopes of this gateway are, often at first, until the signal is aborted. */
export const keepFollowing = (parts: PostOfficeParts, options: FollowOptions): Promise<void> =>
  workInRounds(parts.bells, FOLLOW_BELL, options, async () => {
    const now = parts.now();
    const due = await parts.store.readDue({ now, latest: new Date(now.getTime() + LATEST_MS) }, BATCH_LIMIT);
    if (due.length > 0 && !(await follow(parts, due, options.signal))) return 'failed';
    if (due.length === 0) await pause(options.lookEveryMs ?? SOONEST_MS, options.signal);
    return 'done';
  });

/** Resolves false when the exchange did not answer. */
async function follow(parts: PostOfficeParts, due: readonly EnvelopeProgress[], signal: AbortSignal): Promise<boolean> {
  try {
    const ids = due.map(({ id }) => id);
    const { answers } = await parts.client.post('/api/envelopes/states', { ids }, EnvelopeBatchAnswer, { signal });
    await Promise.all(
      due.map(async (progress, at) => {
        const answer = answers[at];
        if (answer && 'id' in answer) return noteAnswer(parts, progress, answer);
        // The exchange no longer knows it: the last known state stands, and is asked for seldom.
        const lookAgain = new Date(parts.now().getTime() + LATEST_MS);
        await parts.store.noteState(progress.id, progress.state ?? 'accepted', { receipts: [], lookAgain });
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof Problem) && !signal.aborted) throw error;
    return false;
  }
}

/**
 * Keeps what the exchange says about an envelope, as far as its signed receipts bear it out.
 *
 * @throws {Problem} `exchange_unreachable` when they do not: it is asked again
 */
export async function noteAnswer(
  parts: PostOfficeParts,
  { id, digest, created }: Pick<EnvelopeProgress, 'id' | 'digest' | 'created'>,
  answer: EnvelopeAnswer,
): Promise<void> {
  const receipts = await Promise.all(
    answer.receipts.map((jws) => readReceipt(jws, parts.directory().exchangeKeys).catch(notBorneOut)),
  );
  const isBorneOut =
    receipts.every((receipt) => receipt.envelope === id && receipt.digest === digest) &&
    receipts.some(({ state }) => state === answer.state);
  if (!isBorneOut) notBorneOut();
  const { reason } =
    receipts.find(({ state }) => state === answer.state && (isFinalState(state) || state === 'held')) ?? {};
  const at = parts.now();
  const lookAgain = nextLook(created, at);
  await parts.store.noteState(id, answer.state, { receipts: answer.receipts, reason, lookAgain, at });
}

function notBorneOut(cause?: unknown): never {
  if (cause instanceof Problem && cause.code === 'directory_stale') throw cause;
  throw new Problem('exchange_unreachable', 'the receipts do not bear out the state', { cause });
}

/** A tenth of its age: an answer within the day is seen within hours, one of the first minute within seconds. */
function nextLook(created: Date, now: Date): Date {
  const age = now.getTime() - created.getTime();
  return new Date(now.getTime() + Math.min(LATEST_MS, Math.max(SOONEST_MS, age / 10)));
}
