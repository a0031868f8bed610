import * as z from 'zod';

/** The kinds of medical information that travel; consent, requests and policies speak of them by these names. */
export const RECORD_KINDS = ['laboratory', 'prescription', 'referral', 'attachment'] as const;
export const RecordKind = z.enum(RECORD_KINDS);
export type RecordKind = z.infer<typeof RecordKind>;
