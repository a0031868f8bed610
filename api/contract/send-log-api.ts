import * as z from 'zod';
import { ACCESS_BASES, ANSWERERS } from './access-event.ts';
import { Doctor } from './doctor.ts';
import { ENVELOPE_STATES } from './envelope.ts';
import { Base64Url32, InstitutionId, Subject, Timestamp, Uuidv7 } from './ids.ts';
import { Person } from './person.ts';
import { RecordKind } from './record-kind.ts';

/** One line of the send log: who, when, what, under which consent, and whether it arrived. */
export const SendLogEntry = z
  .object({
    releaseId: Uuidv7,
    requestId: Uuidv7,
    to: InstitutionId,
    doctor: Doctor,
    subject: Subject,
    person: Person.nullable(),
    kinds: z.array(RecordKind).readonly(),
    documents: z.number().int(),
    releasedAt: Timestamp,
    /** Who let it go; a policy's release names its version. */
    by: z.enum(ANSWERERS),
    policyVersion: z.int().nullable(),
    basis: z.enum(ACCESS_BASES),
    /** Hash of the consent's presence proof; null where there was none. */
    consent: Base64Url32.nullable(),
    withheld: z.array(RecordKind).readonly(),
    /** The evidence log holds a commitment to this line. */
    isLogged: z.boolean(),
    envelopeState: z.enum(ENVELOPE_STATES).nullable(),
    /** The recipient's signed delivery receipt (JWS `delivery+jwt`), once it came back. */
    deliveryReceipt: z.string().nullable(),
    deliveredAt: Timestamp.nullable(),
  })
  .readonly();
export type SendLogEntry = z.infer<typeof SendLogEntry>;
export const SendLog = z
  .object({
    /** A page, newest first. */
    entries: z.array(SendLogEntry).readonly(),
    /** After which release to ask for those before; null where there are none. */
    next: Uuidv7.nullable(),
  })
  .readonly();
export type SendLog = z.infer<typeof SendLog>;
