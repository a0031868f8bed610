import * as z from 'zod';
import { ExchangeId, Timestamp } from './ids.ts';

/** What anybody may know: the log's state, who watches it and whose clock stamps it. The log itself is public. */
export const PublicExchangeStatus = z
  .object({
    role: z.literal('exchange'),
    exchange: ExchangeId,
    time: Timestamp,
    checkpoint: z.string().nullable(),
    /** Who watches the log: `size` leaves stand under the newest checkpoint that a witness cosigned lately. */
    witnesses: z
      .object({
        threshold: z.number().int(),
        witnesses: z
          .array(
            z
              .object({
                name: z.string(),
                state: z.enum(['unknown', 'cosigning', 'away', 'refusing']),
                size: z.number().int().nullable(),
              })
              .readonly(),
          )
          .readonly(),
      })
      .readonly()
      .optional(),
    /** Somebody else's clock over the log: the newest token, and how long leaves have been waiting for the next. */
    timestamping: z
      .object({
        /** Stamped by the exchange's own clock: proves nothing. */
        simulated: z.boolean(),
        newest: z
          .object({
            size: z.number().int(),
            time: Timestamp,
            authority: z.string(),
            kind: z.enum(['rfc3161', 'simulated']),
          })
          .readonly()
          .nullable(),
        waitingMs: z.number(),
        /** Longer than the exchange means to go on unstamped. */
        overdue: z.boolean(),
        /** How long that is, and whether new visits wait then. */
        graceMs: z.number().optional(),
        whenOverdue: z.enum(['continue', 'stop']).optional(),
      })
      .readonly()
      .optional(),
  })
  .readonly();
export type PublicExchangeStatus = z.infer<typeof PublicExchangeStatus>;
