import * as z from 'zod';
import { Base64Url32, Timestamp } from './ids.ts';

/** The statuses of `coverage.ts`, and `unchecked` when the payer could not be asked. */
export const SUMMARY_STATUSES = ['valid', 'expired', 'superseded', 'not_found', 'ambiguous', 'unchecked'] as const;
export type SummaryStatus = (typeof SUMMARY_STATUSES)[number];

/** What a visit record keeps of the payer's answer: the result and a hash, nobody's numbers. */
export const CoverageSummary = z
  .object({
    status: z.enum(SUMMARY_STATUSES),
    checkedAt: Timestamp.nullable(),
    /** SHA-256 of the payer's answer as it arrived. */
    answerHash: Base64Url32.nullable(),
    /** The answer came from the payer simulator. */
    simulated: z.boolean(),
  })
  .readonly();
export type CoverageSummary = z.infer<typeof CoverageSummary>;
