import * as z from 'zod';
import { ACCESS_BASES, ANSWERERS } from './access-event.ts';
import { Doctor } from './doctor.ts';
import { InstitutionId, Timestamp, Uuidv7 } from './ids.ts';
import { Person } from './person.ts';
import { PolicyDecision } from './policy.ts';
import { RecordKind } from './record-kind.ts';
import { ReleaseCheck } from './release-checks.ts';
import { REQUEST_PURPOSES } from './share-request.ts';

export const INBOX_STATES = ['open', 'released', 'refused'] as const;

/** A request without consent raises an alarm where it arrives; it stays until a person says that they saw it. */
export const Alarm = z
  .object({ acknowledgedAt: Timestamp.nullable(), acknowledgedBy: z.string().max(100).nullable() })
  .readonly();
export type Alarm = z.infer<typeof Alarm>;
export const AlarmAcknowledgement = z.object({ name: z.string().trim().min(1).max(100) }).readonly();

/** A request that arrived: who asks, what for, what was verified. */
export const InboxRequest = z
  .object({
    id: Uuidv7,
    from: InstitutionId,
    receivedAt: Timestamp,
    issuedAt: Timestamp,
    purpose: z.enum(REQUEST_PURPOSES),
    reason: z.string().nullable(),
    kinds: z.array(RecordKind).readonly(),
    /** From the signer's certificate. */
    doctor: Doctor.nullable(),
    person: Person.nullable(),
    visits: z
      .array(z.object({ visitId: Uuidv7, presentedAt: Timestamp, documents: z.number().int() }).readonly())
      .readonly(),
    basis: z.enum(ACCESS_BASES),
    consentExpires: Timestamp.nullable(),
    /** Null while or when its checks do not hold: no rule is asked then. */
    decision: PolicyDecision.nullable(),
    alarm: Alarm.nullable(),
    /** Null while it is open, and where a failed check answered. */
    answeredBy: z.enum(ANSWERERS).nullable(),
    checks: z.array(ReleaseCheck).readonly(),
    state: z.enum(INBOX_STATES),
    answeredAt: Timestamp.nullable(),
  })
  .readonly();
export type InboxRequest = z.infer<typeof InboxRequest>;
/** The first page holds all that waits for a person, open requests and unseen alarms; what was answered follows by the page. */
export const Inbox = z
  .object({
    requests: z.array(InboxRequest).readonly(),
    /** After which to ask for those before; null where there are none. */
    next: Uuidv7.nullable(),
  })
  .readonly();
export type Inbox = z.infer<typeof Inbox>;

/** What the asker is told with the refusal. */
export const RefusalPosting = z.object({ note: z.string().max(1000).optional() }).readonly();
