import * as z from 'zod';
import { EcPublicJwk } from './ec-public-jwk.ts';
import { ExchangeId, InstitutionId, LocalName, Timestamp } from './ids.ts';

/**
 * What a gateway answers to its terminals (the PWA). The bodies stand in a file for each area: `visits-api.ts`,
 * `inbox-api.ts` and so on. Who may ask for what stands in `gateway-access.ts`: anybody, a terminal (the session cookie
 * that `POST /api/sessions` sets), or a signed-in person by role (the header `tsunagi-staff`).
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
 * | `GET /api/inbox?after=requestId&limit=N` | → Inbox: what is open and a page of what was answered, newest first |
 * | `POST /api/inbox/:id/release` | nothing → InboxRequest |
 * | `POST /api/inbox/:id/refusal` | RefusalPosting → InboxRequest |
 * | `POST /api/inbox/:id/alarm` | AlarmAcknowledgement → InboxRequest (a break-glass alarm was seen) |
 * | `POST /api/share-requests/:id/dispensings` | DispensingPosting → SentRequest (202; `policy.ts`, `dispensing.ts`) |
 * | `GET /api/send-log?after=releaseId&limit=N` | → SendLog, newest first, a page after that one |
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
