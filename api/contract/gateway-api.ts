import * as z from 'zod';
import { ENVELOPE_STATES } from './envelope.ts';
import { ACCESS_BASES, ANSWERERS } from './access-event.ts';
import { HistoryPart } from './exchange-api.ts';
import { ConsentProof } from './consent.ts';
import { EcPublicJwk } from './directory.ts';
import { SentDispensing } from './dispensing.ts';
import { Doctor } from './doctor.ts';
import { LogWitnesses } from './evidence/log-witnesses.ts';
import { TimestampAnchors } from './evidence/trust.ts';
import { Receipt } from './evidence/receipt.ts';
import { Base64Url32, ExchangeId, InstitutionId, LocalName, Subject, Timestamp, Uuidv7 } from './ids.ts';
import { CoverageView, Person } from './person.ts';
import { PolicyDecision } from './policy.ts';
import { ProblemDocument } from './problem.ts';
import { RecordKind } from './record-kind.ts';
import { ReleasedDocument } from './release.ts';
import { REQUEST_PURPOSES } from './share-request.ts';

/**
 * What a gateway answers to its terminals (the PWA). Who may ask for what stands in `gateway-access.ts`: anybody, a
 * terminal (the session cookie that `POST /api/sessions` sets), or a signed-in person by role (the header `tsunagi-staff`).
 *
 * | Request | Body → answer |
 * |---|---|
 * | `GET /api/status` | → GatewayStatus or ExchangeStatus (by role) |
 * | `POST /api/terminals` | TerminalEnrolment → EnrolledTerminal (201) |
 * | `POST /api/sessions` | SessionRequest → 204 and the cookie |
 * | `GET /api/terminals` | → TerminalList |
 * | `POST /api/terminals/:id/revocation` | nothing → TerminalEntry |
 * | `POST /api/terminal-codes` | TerminalCodePosting → TerminalCode (201) |
 * | `POST /api/staff/challenges` | nothing → PasskeyChallenge |
 * | `POST /api/staff/sessions` | SignInPosting → StaffSession (201) |
 * | `POST /api/staff/sessions/end` | nothing → 204 |
 * | `POST /api/staff/first` | FirstStaffPosting → StaffInvitation (201) |
 * | `POST /api/staff/registrations/challenges` | InvitationPosting → PasskeyCreation |
 * | `POST /api/staff/registrations` | RegistrationPosting → StaffSession (201) |
 * | `GET /api/staff` | → StaffList |
 * | `POST /api/staff` | StaffPosting → StaffInvitation (201) |
 * | `POST /api/staff/:id/invitations` | nothing → StaffInvitation (201): recovery; the old passkeys go when the new one comes |
 * | `POST /api/staff/:id/changes` | StaffChange → StaffMember |
 * | `POST /api/letters` | LetterPosting → LetterAnswer: a submission that the terminal itself cannot read |
 * | `POST /api/challenges` | ChallengeRequest → Challenge |
 * | `POST /api/visits` | PresenceSubmission → VisitView (201 recorded, 202 kept for the exchange, 4xx refused) |
 * | `GET /api/visits?since=RFC3339&limit=N` | → VisitList, newest first |
 * | `GET /api/visit-summaries?since=RFC3339&after=submissionId&limit=N` | → VisitSummaryList, newest first, a page after that one |
 * | `GET /api/visits/:submissionId/receipt/cose` | → CoseAnswer |
 * | `GET /api/visits/:submissionId` | → VisitView |
 * | `POST /api/enrolments/challenges` | nothing → EnrolmentChallenge |
 * | `POST /api/enrolments` | EnrolmentSubmission → EnrolmentOutcome (201) |
 * | `POST /api/records` | RecordRegistration → RegisteredRecords (201) |
 * | `GET /api/records?subject=` | → RecordList |
 * | `POST /api/histories` | PresenceSubmission (purpose `history`) → HistoryView |
 * | `POST /api/share-requests` | ShareRequestPosting → SentRequest (202) |
 * | `GET /api/share-requests` | → SentRequestList |
 * | `GET /api/share-requests/:id` | → SentRequest |
 * | `GET /api/inbox` | → Inbox |
 * | `POST /api/inbox/:id/release` | nothing → InboxRequest |
 * | `POST /api/inbox/:id/refusal` | RefusalPosting → InboxRequest |
 * | `POST /api/inbox/:id/alarm` | AlarmAcknowledgement → InboxRequest (a break-glass alarm was seen) |
 * | `POST /api/share-requests/:id/dispensings` | DispensingPosting → SentRequest (202; `policy.ts`, `dispensing.ts`) |
 * | `GET /api/send-log` | → SendLog |
 * | `GET /api/send-log/audit-events` | → FHIR R4 Bundle of AuditEvent |
 * | `GET /api/policy` | → PolicyView (`policy.ts`) |
 * | `PUT /api/policy` | PolicyChange → PolicyView |
 * | `POST /api/policy/trials` | PolicyTrialRequest → PolicyTrial |
 * | `POST /api/access-logs` | PresenceSubmission (purpose `access-log`) → AccessLogView (`access-event.ts`) |
 * | `POST /api/withdrawals` | PresenceSubmission (purpose `withdrawal`) → AccessLogView |
 * | `POST /api/queries` | ResultsQueryPosting → ResultsQueryAnswer (`results-query.ts`), in a session |
 * | `GET /api/dead-letters`, `POST /api/dead-letters/:id/resend`, `…/discard` | → DeadLetters (`relay-api.ts`) |
 * | `GET /api/directory` | → InstitutionList (names for screens, keys for requests) |
 * | `POST /api/deliveries` | Mailbox → DeliveryAnswer (`relay-api.ts`; its exchange only, by a signed request) |
 */
export const GatewayStatus = z
  .object({
    role: z.literal('gateway'),
    institution: z.object({ id: InstitutionId, name: LocalName }).readonly(),
    exchange: z.object({ id: ExchangeId, name: LocalName, reachable: z.boolean() }).readonly(),
    /** The demo network: simulated cards and reader are offered. */
    demo: z.boolean(),
    time: Timestamp,
    /** Newest checkpoint of the exchange's log (signed note), for offline freshness. */
    checkpoint: z.string().nullable(),
    /** Submissions kept here that the exchange has not yet answered. */
    waitingForExchange: z.number().int().nonnegative(),
    /** Whether a new terminal needs an administrator's code. */
    terminalCodeRequired: z.boolean(),
    /** Nobody can sign in yet: the first start, before an administrator has a passkey. */
    needsSetUp: z.boolean(),
    /** Encrypts what terminals keep for this gateway and cannot read themselves. */
    letterKey: EcPublicJwk,
  })
  .readonly();
export type GatewayStatus = z.infer<typeof GatewayStatus>;

export const TerminalEnrolment = z
  .object({ key: EcPublicJwk, name: z.string().min(1).max(100), code: z.string().max(20).optional() })
  .readonly();
export type TerminalEnrolment = z.infer<typeof TerminalEnrolment>;

export const EnrolledTerminal = z
  .object({
    terminal: Base64Url32,
    name: z.string(),
    enrolledAt: Timestamp,
    /** It may take visits with nobody signed in. */
    receives: z.boolean(),
  })
  .readonly();
export type EnrolledTerminal = z.infer<typeof EnrolledTerminal>;

/** Claims of the JWS `session+jwt` with which a terminal signs in; `aud` is the gateway's origin. */
export const SessionClaims = z
  .object({ iss: Base64Url32, aud: z.url(), iat: z.number().int().positive(), jti: Uuidv7 })
  .readonly();
export const SessionRequest = z.object({ assertion: z.string().max(4096) }).readonly();

export const VISIT_STATES = ['kept', 'recorded', 'refused'] as const;

const visitFacts = {
  submissionId: Uuidv7,
  visitId: Uuidv7,
  state: z.enum(VISIT_STATES),
  presentedAt: Timestamp,
  receivedAt: Timestamp,
  person: Person.nullable(),
  /** Documents registered for this visit. */
  documents: z.number().int().nonnegative(),
};

/** What a long list shows of a tap. */
export const VisitSummary = z.object(visitFacts).readonly();
export type VisitSummary = z.infer<typeof VisitSummary>;
export const VisitSummaryList = z.object({ visits: z.array(VisitSummary).readonly() }).readonly();

/** One tap as the gateway knows it. `kept`: durable here, not yet answered by the exchange. */
export const VisitView = z
  .object({
    ...visitFacts,
    acceptedAt: Timestamp.nullable(),
    coverage: CoverageView,
    /** Visit record, compact JWS. */
    record: z.string().nullable(),
    receipt: Receipt.nullable(),
    problem: ProblemDocument.nullable(),
  })
  .readonly();
export type VisitView = z.infer<typeof VisitView>;
export const VisitList = z.object({ visits: z.array(VisitView).readonly() }).readonly();

/** A PresenceSubmission encrypted to the gateway's `letterKey` (JWE compact, `letter.ts`). */
export const LetterPosting = z.object({ letter: z.string().max(100_000) }).readonly();
/** What became of it; whose it was is for people who sign in. */
export const LetterAnswer = z
  .object({
    submissionId: Uuidv7,
    visitId: Uuidv7,
    state: z.enum(VISIT_STATES),
    presentedAt: Timestamp,
    problem: ProblemDocument.nullable(),
  })
  .readonly();
export type LetterAnswer = z.infer<typeof LetterAnswer>;

export const RecordRegistration = z
  .object({
    visitId: Uuidv7,
    kind: RecordKind,
    bundle: z.record(z.string(), z.unknown()),
    /** The clerk saw that the file names another person and wants it all the same. */
    confirmOtherName: z.boolean().default(false),
  })
  .readonly();
export type RecordRegistration = z.input<typeof RecordRegistration>;

export const RegisteredRecords = z
  .object({ id: Uuidv7, visitId: Uuidv7, kind: RecordKind, registeredAt: Timestamp, resources: z.number().int() })
  .readonly();
export type RegisteredRecords = z.infer<typeof RegisteredRecords>;

export const RecordList = z.object({ subject: Subject, documents: z.array(ReleasedDocument).readonly() }).readonly();
export type RecordList = z.infer<typeof RecordList>;

export const HistoryView = z
  .object({ consent: ConsentProof, person: Person.nullable(), parts: z.array(HistoryPart).readonly() })
  .readonly();
export type HistoryView = z.infer<typeof HistoryView>;

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

const SIGNER_CHECKS = ['signature', 'certificate_path', 'certificate_status', 'role'] as const;

/** What is checked before a release, by the ground of the request; every check is shown with its result. */
export const RELEASE_CHECKS_OF = {
  consent: [
    ...SIGNER_CHECKS,
    ...(['consent_signature', 'consent_recipient', 'consent_scope', 'consent_expiry', 'consent_standing'] as const),
    ...(['visit_ours', 'visit_person', 'not_replayed', 'clock'] as const),
  ],
  /** Break-glass: in place of the consent, a reason and that the patient is there. */
  emergency: [...SIGNER_CHECKS, ...(['reason', 'attendance', 'visit_ours', 'not_replayed', 'clock'] as const)],
} as const;
export type ReleaseCheckCode = (typeof RELEASE_CHECKS_OF)[keyof typeof RELEASE_CHECKS_OF][number];
export const RELEASE_CHECKS: readonly ReleaseCheckCode[] = [
  ...new Set<ReleaseCheckCode>([...RELEASE_CHECKS_OF.consent, ...RELEASE_CHECKS_OF.emergency]),
];

export const ReleaseCheck = z
  .object({
    check: z.enum(RELEASE_CHECKS as [ReleaseCheckCode, ...ReleaseCheckCode[]]),
    ok: z.boolean(),
    problem: ProblemDocument.nullable(),
  })
  .readonly();
export type ReleaseCheck = z.infer<typeof ReleaseCheck>;

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
export const Inbox = z.object({ requests: z.array(InboxRequest).readonly() }).readonly();
export type Inbox = z.infer<typeof Inbox>;

export const RefusalPosting = z.object({ note: z.string().max(1000).optional() }).readonly();

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
export const SendLog = z.object({ entries: z.array(SendLogEntry).readonly() }).readonly();
export type SendLog = z.infer<typeof SendLog>;

/** Institutions of all directories that this gateway holds and has verified. */
export const InstitutionList = z
  .object({
    institutions: z
      .array(
        z
          .object({
            id: InstitutionId,
            name: LocalName,
            exchange: ExchangeId,
            /** Verify releases and delivery receipts, for whoever opens one on a screen. */
            signingKeys: z.array(EcPublicJwk).readonly(),
          })
          .readonly(),
      )
      .readonly(),
    exchanges: z
      .array(
        z
          .object({
            id: ExchangeId,
            name: LocalName,
            /** With `logKeys` what a terminal pins to verify receipts without a network. */
            signingKeys: z.array(EcPublicJwk).readonly(),
            logKeys: z.array(z.string()).readonly(),
            witnesses: LogWitnesses.optional(),
            timestampAnchors: TimestampAnchors.optional(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type InstitutionList = z.infer<typeof InstitutionList>;
