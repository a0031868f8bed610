import * as z from 'zod';

const date = z.iso.date();

/** A person's insurance as the payer states it for one day. Dates are local calendar days in Japan, ends inclusive. */
const knownCoverage = z.strictObject({
  /** `superseded`: no longer valid, and the payer knows a newer qualification of the same person. */
  status: z.enum(['valid', 'expired', 'superseded']),
  /** 保険者番号, eight digits with leading zeros. */
  insurerNumber: z.string().regex(/^\d{8}$/),
  insurerName: z.string().min(1),
  /** 記号; insurers without one leave it empty. */
  symbol: z.string(),
  /** 番号 */
  number: z.string().min(1),
  /** 枝番, two digits where the insurer has them. */
  branch: z.union([z.string().regex(/^\d{2}$/), z.literal('')]),
  validFrom: date.optional(),
  validUntil: date.optional(),
  /** What the patient pays, in percent (10, 20, 30); absent where the payer does not say. */
  burdenPercent: z.int().min(0).max(100).optional(),
});

/** The payer knows nobody (`not_found`), or more than one candidate and will not choose (`ambiguous`). */
const unknownCoverage = z.strictObject({ status: z.enum(['not_found', 'ambiguous']) });

/** The coverage part of an answer to a qualification check. */
export const coverageSchema = z.discriminatedUnion('status', [knownCoverage, unknownCoverage]);
export type Coverage = Readonly<z.infer<typeof coverageSchema>>;
export type KnownCoverage = Readonly<z.infer<typeof knownCoverage>>;
export type CoverageStatus = Coverage['status'];

export const COVERAGE_STATUSES = [
  'valid',
  'expired',
  'superseded',
  'not_found',
  'ambiguous',
] as const satisfies readonly CoverageStatus[];
