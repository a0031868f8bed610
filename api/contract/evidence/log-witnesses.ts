import * as z from 'zod';

/** The witnesses of one log: `threshold` of these must have cosigned a checkpoint before it is believed. */
export const LogWitnesses = z
  .object({
    threshold: z.number().int().nonnegative(),
    /** Verifier key texts. */
    keys: z.array(z.string().max(400)).max(64).readonly(),
  })
  .refine(({ threshold, keys }) => threshold <= keys.length, 'more than there are')
  .readonly();
export type LogWitnesses = z.infer<typeof LogWitnesses>;

/** How many cosignatures a `tlog-proof` carries besides the log's own signature, whether they verify or not. */
export const countCosignatures = (proof: string): number => Math.max(0, (proof.match(/^\u2014 /gm)?.length ?? 0) - 1);
