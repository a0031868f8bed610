import type { LetterAnswer, VisitView } from '#api/contract/visits-api.ts';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';
import { Problem } from '#api/contract/problem.ts';
import { ApiError, isUnreachable } from '#lib/api/api-error.ts';
import { toLocalVisit, type LocalVisit } from './local-visit.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { isPassing } from './refusals.ts';

interface Dependencies {
  readonly outbox: Outbox;
  readonly send: (submission: PresenceSubmission) => Promise<VisitView>;
  readonly sendLetter: (letter: string) => Promise<LetterAnswer>;
}

/** Refusals of whoever asks, not of what they bring: a letter needs nobody. */
const ABOUT_THE_PERSON: ReadonlySet<string> = new Set(['staff_required', 'role_missing']);

/**
 * Hands one kept submission over and files the answer. Sending the same submission twice is harmless: the server knows
 * it by its id. Answers the visit, `isWaiting` when the server wants it later.
 *
 * @throws {ApiError} no answer: the entry stays as it is
 */
export async function deliver(entry: OutboxEntry, dependencies: Dependencies): Promise<LocalVisit> {
  const { outbox } = dependencies;
  const visit = await answer(entry, dependencies);
  if (visit.isWaiting) {
    if (visit.problem && visit.problem !== entry.problem) await outbox.note(entry, visit.problem);
  } else {
    await outbox.settle(visit);
  }
  return visit;
}

async function answer(entry: OutboxEntry, dependencies: Dependencies): Promise<LocalVisit> {
  try {
    return await handOver(entry, dependencies);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...toWaitingVisit(entry), problem: error.code, isWaiting: isPassing(error.code) };
  }
}

async function handOver(entry: OutboxEntry, { send, sendLetter }: Dependencies): Promise<LocalVisit> {
  const { submission, letter } = entry;
  if (submission) {
    try {
      return toLocalVisit(await send(submission));
    } catch (error) {
      if (!letter || !(error instanceof Problem) || !ABOUT_THE_PERSON.has(error.code)) throw error;
    }
  }
  if (!letter) throw new TypeError('an entry is in hand or in a letter');
  await sendLetter(letter);
  // The gateway has it; whose it is stands in its list, for people who sign in.
  return { ...toWaitingVisit(entry), problem: null, isWaiting: false };
}

/** A submission as the screens show it before anybody answered. */
export const toWaitingVisit = ({ submissionId, presentedAt, problem }: OutboxEntry): LocalVisit => ({
  submissionId,
  presentedAt,
  view: null,
  problem,
  isWaiting: true,
});

/**
 * Hands over everything that waits, oldest first, and stops at the first missing answer.
 *
 * @param isBusy entries that this window is already sending
 */
export async function deliverAll(
  dependencies: Dependencies,
  isBusy: (submissionId: string) => boolean = () => false,
): Promise<void> {
  for (const entry of (await dependencies.outbox.list()).entries) {
    if (isBusy(entry.submissionId)) continue;
    try {
      await deliver(entry, dependencies);
    } catch (error) {
      // An answer that cannot be read must not hold up the others; the entry waits.
      if (!(error instanceof ApiError) || isUnreachable(error)) throw error;
    }
  }
}
