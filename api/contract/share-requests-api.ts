import * as z from 'zod';
import { ACCESS_BASES } from './access-event.ts';
import { SentDispensing } from './dispensing.ts';
import { ENVELOPE_STATES } from './envelope.ts';
import { InstitutionId, Subject, Timestamp, Uuidv7 } from './ids.ts';
import { RecordKind } from './record-kind.ts';
import { ReleasedDocument } from './release.ts';

/** The HPKI-signed request (JWS `share-request+jwt`); the gateway encrypts and sends it. */
export const ShareRequestPosting = z.object({ request: z.string().max(1_000_000) }).readonly();

export const REQUEST_STATES = ['sent', 'waiting', 'released', 'refused', 'expired'] as const;

/** One share request that this institution sent, and what came back. */
export const SentRequest = z
  .object({
    id: Uuidv7,
    to: InstitutionId,
    subject: Subject,
    kinds: z.array(RecordKind).readonly(),
    issuedAt: Timestamp,
    state: z.enum(REQUEST_STATES),
    envelopeState: z.enum(ENVELOPE_STATES).nullable(),
    /** Signed envelope receipts so far. */
    receipts: z.array(z.string()).readonly(),
    answeredAt: Timestamp.nullable(),
    documents: z.array(ReleasedDocument).readonly(),
    /** Without the patient's consent: break-glass. */
    basis: z.enum(ACCESS_BASES),
    /** Kinds of which the sender's policy held documents back. */
    withheld: z.array(RecordKind).readonly(),
    /** Our dispensing answers for prescriptions among the documents. */
    dispensings: z.array(SentDispensing).readonly(),
    /** Why it was refused: a problem code, or `refused_by_person`, and the note. */
    refusal: z.object({ reason: z.string(), note: z.string().nullable() }).readonly().nullable(),
  })
  .readonly();
export type SentRequest = z.infer<typeof SentRequest>;
export const SentRequestList = z.object({ requests: z.array(SentRequest).readonly() }).readonly();
export type SentRequestList = z.infer<typeof SentRequestList>;
