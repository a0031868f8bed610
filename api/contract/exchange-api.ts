import * as z from 'zod';
import { ConsentProof } from './consent.ts';
import { EnrolmentChallenge, EnrolmentSubmission } from './enrolment.ts';
import { Receipt } from './evidence/receipt.ts';
import { ExchangeId, Timestamp } from './ids.ts';
import { CoverageView, Person } from './person.ts';
import { PresenceSubmission } from './presence-proof.ts';
import { PROBLEM_CODES, ProblemDocument, type ProblemCode } from './problem.ts';

/**
 * What an exchange answers to its gateways and peers. Every request carries the caller's signature
 * (`signed-request.ts`); bodies are JSON except an envelope's, which is the bare JWE.
 *
 * | Request | Body → answer |
 * |---|---|
 * | `POST /api/challenges` | ChallengeRequest → Challenge (`challenge.ts`) |
 * | `POST /api/visits` | PresenceSubmission → VisitOutcome |
 * | `GET /api/visits/:id/receipt` | → Receipt |
 * | `GET /api/visits/:id/receipt/cose` | → CoseAnswer |
 * | `POST /api/enrolments/challenges` | nothing → EnrolmentChallenge |
 * | `POST /api/enrolments` | EnrolmentSubmission → EnrolmentOutcome |
 * | `POST /api/histories` | PresenceSubmission (purpose `history`) → HistoryOutcome |
 * | `POST /api/peer/histories` | PeerHistoryRequest → PeerHistory (peers only) |
 * | `POST /api/consents/standing` | StandingRequest → Standing (`withdrawal.ts`) |
 * | `POST /api/withdrawals` | PresenceSubmission (purpose `withdrawal`) → AccessLogView (`access-event.ts`) |
 * | `POST /api/peer/withdrawals` | PeerWithdrawal → nothing (peers only) |
 * | `POST /api/access-events` | AccessEventPosting → AccessEventAnswer |
 * | `POST /api/access-logs` | PresenceSubmission (purpose `access-log`) → AccessLogView |
 * | `POST /api/peer/access-logs` | PeerAccessRequest → PeerAccessLog (peers only) |
 * | `GET /api/peer/hello` | → PeerHello (peers only) |
 * | `GET /api/directories` | → Directories (public) |
 * | `POST /api/envelopes` | header `tsunagi-envelope`, body JWE, or nothing after its upload → EnvelopeAnswer (202) |
 * | `POST /api/envelopes/batch` | EnvelopeBatch → EnvelopeBatchAnswer |
 * | `POST /api/envelopes/states` | EnvelopeIds → EnvelopeBatchAnswer |
 * | `POST /api/uploads?size=BYTES` | header `tsunagi-envelope` → UploadState |
 * | `GET /api/uploads/:id` | → UploadState |
 * | `POST /api/uploads/:id/pieces?offset=BYTES` | bytes → UploadState |
 * | `GET /api/envelopes/:id` | → EnvelopeAnswer |
 * | `GET /api/mailbox?wait=SECONDS&except=CONVERSATION,…` | → Mailbox |
 * | `GET /api/mailbox/:id/body` | header `range: bytes=…` → bytes (206) |
 * | `POST /api/mailbox/outcomes` | MailOutcomes → EnvelopeBatchAnswer |
 * | `POST /api/mailbox/:id/acknowledgements` | nothing → EnvelopeAnswer |
 * | `POST /api/mailbox/:id/refusals` | EnvelopeRefusal → EnvelopeAnswer |
 * | `POST /api/peer/receipts` | PeerReceipts → PeerReceiptsAnswer (peers only) |
 * | `GET /evidence/trust.json` | → TrustFile (public) |
 * | `GET /api/status` | → PublicExchangeStatus (`public-exchange-status.ts`; public); who writes to whom is for operators (`operator-api.ts`) |
 */
export const ENVELOPE_HEADER = 'tsunagi-envelope';

/** A visit that is recorded durably. The receipt follows as soon as the log holds the record. */
export const VisitOutcome = z
  .object({
    record: z.string(),
    person: Person.nullable(),
    coverage: CoverageView,
    receipt: Receipt.nullable(),
  })
  .readonly();
export type VisitOutcome = z.infer<typeof VisitOutcome>;

/** A receipt in its COSE form (`evidence/cose-receipt.ts`). */
export const CoseAnswer = z.object({ cose: z.base64().max(131_072) }).readonly();
export type CoseAnswer = z.infer<typeof CoseAnswer>;

export const EnrolmentChallengeAnswer = EnrolmentChallenge;
export const EnrolmentRequest = EnrolmentSubmission;
export const EnrolmentOutcome = z.object({ person: Person, enrolledAt: Timestamp }).readonly();
export type EnrolmentOutcome = z.infer<typeof EnrolmentOutcome>;

/** One exchange's part of a person's history, or why it is missing: a part that is missing is always named. */
export const HistoryPart = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('records'),
      exchange: ExchangeId,
      receipts: z.array(Receipt).readonly(),
      /** The checkpoint (signed note) up to which these are all records of the person. */
      checkpoint: z.string(),
      /** The exchange's signed word that these are all: a timeline head (`evidence/timeline.ts`). */
      timeline: z.string().max(4096).optional(),
    })
    .readonly(),
  z.object({ kind: z.literal('missing'), exchange: ExchangeId, problem: ProblemDocument }).readonly(),
]);
export type HistoryPart = z.infer<typeof HistoryPart>;

export const HistoryOutcome = z
  .object({ consent: ConsentProof, person: Person.nullable(), parts: z.array(HistoryPart).readonly() })
  .readonly();
export type HistoryOutcome = z.infer<typeof HistoryOutcome>;

export const PeerHistoryRequest = z.object({ consent: ConsentProof }).readonly();
export const PeerHistory = z
  .object({ receipts: z.array(Receipt).readonly(), checkpoint: z.string(), timeline: z.string().max(4096).optional() })
  .readonly();
export type PeerHistory = z.infer<typeof PeerHistory>;

/** The exchange's own signed directory and those of its peers, as they arrived. */
export const Directories = z
  .object({
    own: z.string(),
    peers: z.array(z.object({ exchange: ExchangeId, directory: z.string() }).readonly()).readonly(),
  })
  .readonly();
export type Directories = z.infer<typeof Directories>;

/** An answer to a signed call that asks for nothing: the line works, and we know who called. */
export const PeerHello = z.object({ exchange: ExchangeId, caller: z.string(), time: Timestamp }).readonly();
export type PeerHello = z.infer<typeof PeerHello>;

export { EnvelopeAnswer, Mailbox } from './relay-api.ts';

/** The recipient cannot take the envelope, now or later: it does not open, is malformed, or came before. */
export const EnvelopeRefusal = z
  .object({ reason: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]) })
  .readonly();
export type EnvelopeRefusal = z.infer<typeof EnvelopeRefusal>;

/** Signed receipts of later states on their way back to the exchange that the envelopes came from. */
export const PeerReceipts = z.object({ receipts: z.array(z.string().max(4096)).min(1).max(500).readonly() }).readonly();
export type PeerReceipts = z.infer<typeof PeerReceipts>;
/** How many of them are stored there now, or were before. */
export const PeerReceiptsAnswer = z.object({ stored: z.number().int().nonnegative() }).readonly();

export { PresenceSubmission };
