import * as z from 'zod';
import { Receipt } from './evidence/receipt.ts';
import { Timestamp, Uuidv7 } from './ids.ts';
import { CoverageView, Person } from './person.ts';
import { ProblemDocument } from './problem.ts';

/** `kept` at the gateway until the exchange answers; the other two are its answer. */
export const VISIT_STATES = ['kept', 'recorded', 'refused'] as const;

const visitFacts = {
  submissionId: Uuidv7,
  visitId: Uuidv7,
  state: z.enum(VISIT_STATES),
  presentedAt: Timestamp,
  receivedAt: Timestamp,
  person: Person.nullable(),
  /** Documents registered for this visit. */
  documents: z.number().int().nonnegative(),
};

/** What a long list shows of a tap. */
export const VisitSummary = z.object(visitFacts).readonly();
export type VisitSummary = z.infer<typeof VisitSummary>;
export const VisitSummaryList = z.object({ visits: z.array(VisitSummary).readonly() }).readonly();

/** One tap as the gateway knows it. `kept`: durable here, not yet answered by the exchange. */
export const VisitView = z
  .object({
    ...visitFacts,
    acceptedAt: Timestamp.nullable(),
    coverage: CoverageView,
    /** Visit record, compact JWS. */
    record: z.string().nullable(),
    receipt: Receipt.nullable(),
    problem: ProblemDocument.nullable(),
  })
  .readonly();
export type VisitView = z.infer<typeof VisitView>;
export const VisitList = z.object({ visits: z.array(VisitView).readonly() }).readonly();

/** A PresenceSubmission encrypted to the gateway's `letterKey` (JWE compact, `letter.ts`). */
export const LetterPosting = z.object({ letter: z.string().max(100_000) }).readonly();
/** What became of it; whose it was is for people who sign in. */
export const LetterAnswer = z
  .object({
    submissionId: Uuidv7,
    visitId: Uuidv7,
    state: z.enum(VISIT_STATES),
    presentedAt: Timestamp,
    problem: ProblemDocument.nullable(),
  })
  .readonly();
export type LetterAnswer = z.infer<typeof LetterAnswer>;
