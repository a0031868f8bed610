import * as z from 'zod';
import { ENVELOPE_STATES, PRIORITIES, SealedEnvelope } from './envelope.ts';
import { InstitutionId, Timestamp, Uuidv7 } from './ids.ts';
import { PROBLEM_CODES, ProblemDocument, type ProblemCode } from './problem.ts';

/** Envelopes that one request may bring, answer for or ask about. */
export const BATCH_LIMIT = 64;
/** Largest piece of an upload or a download. */
export const PIECE_LIMIT_BYTES = 1024 * 1024;

/** Where an envelope is, with the signed receipts of all states so far. */
export const EnvelopeAnswer = z
  .object({ id: Uuidv7, state: z.enum(ENVELOPE_STATES), receipts: z.array(z.string()).readonly() })
  .readonly();
export type EnvelopeAnswer = z.infer<typeof EnvelopeAnswer>;

/** What waits in a mailbox. A large body (null) is fetched by itself, piece by piece. */
export const Mailbox = z
  .object({
    envelopes: z
      .array(
        z
          .object({
            envelope: SealedEnvelope,
            body: z.string().nullable(),
            /** Bytes of a large body. */
            size: z.number().int().positive().optional(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type Mailbox = z.infer<typeof Mailbox>;

/** Largest `POST /api/deliveries`: what one pull holds (8 MiB of bodies), with its seals. */
export const DELIVERY_LIMIT_BYTES = 16 * 1024 * 1024;
/** The gateway looked at so many envelopes; what became of each it says by itself, signed. */
export const DeliveryAnswer = z.object({ handled: z.int().nonnegative() }).readonly();
export type DeliveryAnswer = z.infer<typeof DeliveryAnswer>;

/** Envelopes with the bodies they carry, in the order in which they shall arrive. */
export const EnvelopeBatch = z
  .object({
    envelopes: z
      .array(z.object({ envelope: SealedEnvelope, body: z.string() }).readonly())
      .min(1)
      .max(BATCH_LIMIT)
      .readonly(),
  })
  .readonly();
export type EnvelopeBatch = z.infer<typeof EnvelopeBatch>;

/** One answer for each, in the order of the question: where the envelope is, or why it was not taken. */
export const EnvelopeBatchAnswer = z
  .object({
    answers: z
      .array(
        z.union([
          EnvelopeAnswer,
          z
            .object({ problem: ProblemDocument, retryAfterSeconds: z.number().int().nonnegative().optional() })
            .readonly(),
        ]),
      )
      .readonly(),
  })
  .readonly();
export type EnvelopeBatchAnswer = z.infer<typeof EnvelopeBatchAnswer>;

export const EnvelopeIds = z.object({ ids: z.array(Uuidv7).min(1).max(BATCH_LIMIT).readonly() }).readonly();

/** What became of mail: stored durably by its recipient, or refused for good. */
export const MailOutcomes = z
  .object({
    outcomes: z
      .array(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('acknowledged'), id: Uuidv7 }).readonly(),
          z
            .object({
              kind: z.literal('refused'),
              id: Uuidv7,
              reason: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]),
            })
            .readonly(),
        ]),
      )
      .min(1)
      .max(BATCH_LIMIT)
      .readonly(),
  })
  .readonly();
export type MailOutcomes = z.infer<typeof MailOutcomes>;

/** How much of a large body has arrived; whoever was interrupted goes on from there. */
export const UploadState = z
  .object({ id: Uuidv7, size: z.number().int().positive(), received: z.number().int().nonnegative() })
  .readonly();
export type UploadState = z.infer<typeof UploadState>;

/**
 * An envelope that did not arrive, or waits for a person. Both lists look alike:
 * `GET /api/operator/dead-letters` (exchange) and `GET /api/dead-letters` (gateway), with `POST …/:id/resend` and
 * `POST …/:id/discard` that answer the list as it then stands.
 */
export const DeadLetter = z
  .object({
    id: Uuidv7,
    from: InstitutionId,
    to: InstitutionId,
    kind: z.string(),
    priority: z.enum(PRIORITIES),
    sizeBucket: z.number().int(),
    state: z.enum(ENVELOPE_STATES),
    /** Why: a problem code; null when its time was over. */
    reason: z.string().nullable(),
    created: Timestamp,
    changed: Timestamp,
    expires: Timestamp,
    /** Whether it can be sent again from here. */
    resendable: z.boolean(),
  })
  .readonly();
export type DeadLetter = z.infer<typeof DeadLetter>;
export const DeadLetters = z.object({ letters: z.array(DeadLetter).readonly() }).readonly();
export type DeadLetters = z.infer<typeof DeadLetters>;
