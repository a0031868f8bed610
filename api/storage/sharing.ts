import type { AccessBasis, Answerer } from '../contract/access-event.ts';
import type { Doctor } from '../contract/doctor.ts';
import type { ReleaseCheck } from '../contract/release-checks.ts';
import type { InstitutionId, Subject } from '../contract/ids.ts';
import type { PolicyDecision } from '../contract/policy.ts';
import type { RecordKind } from '../contract/record-kind.ts';
import type { QueuedAccessEvent } from './access-outbox.ts';
import type { OutgoingEnvelope } from './post-office.ts';

/** A part of a list that grows without end: those after one of them, or the first. None follow one that is unknown. */
export interface Page {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The envelope that brought something; noted as handled in the commit that stores what it brought. */
export interface Arrival {
  readonly envelopeId: string;
  readonly at: Date;
}

/** A verified answer to a request of ours, as its institution signed it. */
export interface RequestAnswer {
  readonly kind: 'released' | 'refused';
  readonly at: Date;
  /** Release or refusal, compact JWS. */
  readonly statement: string;
}

/** A share request that we sent. */
export interface SentRequestEntry {
  readonly id: string;
  /** SHA-256 of the request JWS. */
  readonly hash: string;
  /** Compact JWS by the HPKI card. */
  readonly request: string;
  readonly subject: Subject;
  readonly envelopeId: string;
  readonly answer: RequestAnswer | null;
}

/** A share request that arrived. */
export interface InboxEntry {
  readonly id: string;
  readonly hash: string;
  readonly request: string;
  readonly from: InstitutionId;
  readonly receivedAt: Date;
  readonly doctor: Doctor | null;
  readonly checks: readonly ReleaseCheck[];
  readonly state: 'open' | 'released' | 'refused';
  readonly answeredAt: Date | null;
  readonly answeredBy: Answerer | null;
  /** What the policy said when it was last asked; null while the checks do not hold. */
  readonly decision: PolicyDecision | null;
  /** A request without consent; null for every other. */
  readonly alarm: InboxAlarm | null;
}

/** Raised with the request, and there until a person says that they saw it. */
export interface InboxAlarm {
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
}

/** One line of the send log; complete in itself, whatever becomes of the request and the records. */
export interface SendLogRow {
  readonly releaseId: string;
  readonly releaseHash: string;
  readonly requestId: string;
  readonly to: InstitutionId;
  readonly doctor: Doctor;
  readonly subject: Subject;
  readonly kinds: readonly RecordKind[];
  readonly documents: number;
  readonly releasedAt: Date;
  readonly by: Answerer;
  /** Of a release by policy. */
  readonly policyVersion: number | null;
  readonly basis: AccessBasis;
  /** Hash of the consent's presence proof; null without consent. */
  readonly consent: string | null;
  /** Kinds of which the policy held documents back. */
  readonly withheld: readonly RecordKind[];
  /** The access event that says so, in the outbox to the exchange. */
  readonly eventId: string;
  readonly envelopeId: string;
  readonly deliveryReceipt: string | null;
  readonly deliveredAt: Date | null;
}

/** What goes out when a request is answered; with it, for a release, the line of the send log. */
export interface InboxAnswer {
  readonly state: 'released' | 'refused';
  readonly at: Date;
  readonly by: Answerer;
  readonly outgoing: OutgoingEnvelope;
  readonly events: readonly QueuedAccessEvent[];
  readonly log?: Omit<SendLogRow, 'deliveryReceipt' | 'deliveredAt' | 'envelopeId'>;
}

/**
 * Requests, answers and the send log of an institution. Each write stores everything that belongs together in one commit:
 * what happened, the envelope that says so, and the envelope that brought it. Writes are durable when they resolve and can
 * be repeated.
 */
export interface SharingStore {
  /**
   * Stores a request of ours with its envelope; the same request again gives what stands.
   *
   * @throws {Problem} `conflict` when the id stands for another request
   */
  postRequest(
    entry: Omit<SentRequestEntry, 'envelopeId' | 'answer'>,
    outgoing: OutgoingEnvelope,
  ): Promise<SentRequestEntry>;
  readSent(id: string): Promise<SentRequestEntry | undefined>;
  /** Newest first. */
  listSent(): Promise<readonly SentRequestEntry[]>;
  /**
   * Stores the answer to a request of ours, with the delivery receipt that goes back. The same answer again changes nothing.
   *
   * @throws {Problem} `request_already_answered` when there is another answer; `release_not_requested` without the request
   */
  receiveAnswer(requestId: string, answer: RequestAnswer, arrival: Arrival, receipt?: OutgoingEnvelope): Promise<void>;

  /**
   * Stores a request that arrived, with its refusal when a check failed for good or the policy says no.
   *
   * @throws {Problem} `request_replayed` when the request came in another envelope before
   */
  receiveRequest(
    entry: InboxEntry,
    arrival: Arrival,
    also?: { readonly refusal?: OutgoingEnvelope | undefined; readonly events?: readonly QueuedAccessEvent[] },
  ): Promise<void>;
  readInbox(id: string): Promise<InboxEntry | undefined>;
  /** Those that are no longer open, newest first, by when they were received. */
  listAnswered(page: Page): Promise<readonly InboxEntry[]>;
  /** Oldest first. */
  listOpen(): Promise<readonly InboxEntry[]>;
  /** Those whose alarm nobody has seen, answered or not, newest first. */
  listUnseen(): Promise<readonly InboxEntry[]>;
  /** Those received since, newest first. */
  listSince(since: Date): Promise<readonly InboxEntry[]>;
  /** Replaces what is known of an open request by what a later look found. */
  noteLook(
    id: string,
    look: { readonly checks: readonly ReleaseCheck[]; readonly decision: PolicyDecision | null },
  ): Promise<void>;
  /** A person saw the alarm; the first one stays. @throws {Problem} `not_found` without request or alarm */
  acknowledgeAlarm(id: string, seen: { readonly by: string; readonly at: Date }): Promise<InboxEntry>;
  /**
   * Answers an open request. The same kind of answer again changes nothing and gives what stands.
   *
   * @throws {Problem} `request_already_answered`, `not_found`
   */
  answerRequest(id: string, answer: InboxAnswer): Promise<InboxEntry>;

  /** Newest first; a page is asked for after a release. */
  listSendLog(page: Page): Promise<readonly SendLogRow[]>;
  readSendLog(releaseId: string): Promise<SendLogRow | undefined>;
  /** Closes the circle: the recipient's receipt for a release of ours. The first one stays. */
  receiveDelivery(
    releaseId: string,
    receipt: { readonly jws: string; readonly at: Date },
    arrival: Arrival,
  ): Promise<void>;
}
