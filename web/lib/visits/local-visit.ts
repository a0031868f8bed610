import * as z from 'zod';
import { VisitView } from '#api/contract/visits-api.ts';
import { PROBLEM_CODES, type ProblemCode } from '#api/contract/problem.ts';

const ProblemCodes = z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]);

/** A tap as this device knows it. Before a server has answered there is no `view`: nobody here knows whose card it was. */
export const LocalVisit = z
  .object({
    submissionId: z.string(),
    /** RFC 3339, by this device's clock. */
    presentedAt: z.string(),
    view: VisitView.nullable(),
    /** Why the server would not have it, or why it waits. */
    problem: ProblemCodes.nullable(),
    /** In the outbox: no server has acknowledged it. */
    isWaiting: z.boolean(),
  })
  .readonly();
export type LocalVisit = z.infer<typeof LocalVisit>;

/** Where a visit is, from the tablet to the public log. */
export const VISIT_PLACES = ['tablet', 'gateway', 'recorded', 'log', 'refused'] as const;
export type VisitPlace = (typeof VISIT_PLACES)[number];

export function placeOf({ view, problem, isWaiting }: LocalVisit): VisitPlace {
  if (isWaiting) return 'tablet';
  // Handed over in a letter: the gateway has it, and tells more to whoever asks.
  if (!view) return problem ? 'refused' : 'gateway';
  if (view.state === 'refused') return 'refused';
  if (view.state === 'kept') return 'gateway';
  return view.receipt ? 'log' : 'recorded';
}

/** The reason of a refusal, whoever refused. */
export const problemOf = ({ view, problem }: LocalVisit): ProblemCode | null => view?.problem?.code ?? problem;

export const toLocalVisit = (view: VisitView): LocalVisit => ({
  submissionId: view.submissionId,
  presentedAt: view.presentedAt,
  view,
  problem: null,
  isWaiting: false,
});
