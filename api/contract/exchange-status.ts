import * as z from 'zod';
import { ENVELOPE_STATES } from './envelope.ts';
import { ExchangeId, InstitutionId, Timestamp, Uuidv7 } from './ids.ts';
import { PublicExchangeStatus } from './public-exchange-status.ts';

/** What the operator's screen shows; counts and ages, nothing about anybody. */
export const ExchangeStatus = z
  .object({
    ...PublicExchangeStatus.unwrap().shape,
    visits: z.number().int(),
    /** Requests without consent that members reported in the past 30 days, and the newest; nothing about anybody. */
    emergencies: z.object({ count: z.int().nonnegative(), newest: Timestamp.nullable() }).readonly().optional(),
    members: z
      .array(
        z.object({ institution: InstitutionId, waiting: z.number().int(), lastSeen: Timestamp.nullable() }).readonly(),
      )
      .readonly(),
    peers: z
      .array(
        z
          .object({
            exchange: ExchangeId,
            waiting: z.number().int(),
            lastSeen: Timestamp.nullable(),
            reachable: z.boolean(),
          })
          .readonly(),
      )
      .readonly(),
    envelopes: z
      .array(
        z
          .object({
            id: Uuidv7,
            from: InstitutionId,
            to: InstitutionId,
            kind: z.string(),
            sizeBucket: z.number().int(),
            state: z.enum(ENVELOPE_STATES),
            created: Timestamp,
            changed: Timestamp,
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type ExchangeStatus = z.infer<typeof ExchangeStatus>;
