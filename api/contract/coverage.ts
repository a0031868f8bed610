import * as z from 'zod';

/**
 * A person's insurance as the payer states it for one day. Dates are calendar days in Japan, ends inclusive.
 * `superseded`: no longer valid, and the payer knows a newer qualification of the same person.
 */
export const KnownCoverage = z
  .strictObject({
    status: z.enum(['valid', 'expired', 'superseded']),
    /** 保険者番号, eight digits with leading zeros. */
    insurerNumber: z.string().regex(/^\d{8}$/),
    insurerName: z.string().min(1),
    /** 記号; empty where the insurer has none. */
    symbol: z.string(),
    /** 番号 */
    number: z.string().min(1),
    /** 枝番, two digits; empty where the insurer has none. */
    branch: z.string().regex(/^(\d{2})?$/),
    validFrom: z.iso.date().optional(),
    validUntil: z.iso.date().optional(),
    /** What the patient pays, in percent (10, 20, 30); absent where the payer does not say. */
    burdenPercent: z.int().min(0).max(100).optional(),
  })
  .readonly();
export type KnownCoverage = z.infer<typeof KnownCoverage>;

/** The payer knows nobody (`not_found`), or several candidates and will not choose (`ambiguous`). */
export const UnknownCoverage = z.strictObject({ status: z.enum(['not_found', 'ambiguous']) }).readonly();
export type UnknownCoverage = z.infer<typeof UnknownCoverage>;

/** The coverage part of an answer to a qualification check. */
export const Coverage = z.union([KnownCoverage, UnknownCoverage]);
export type Coverage = z.infer<typeof Coverage>;
