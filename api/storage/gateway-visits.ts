import type { Receipt } from '../contract/evidence/receipt.ts';
import type { VISIT_STATES } from '../contract/visits-api.ts';
import type { Subject } from '../contract/ids.ts';
import type { CoverageView, Person } from '../contract/person.ts';
import type { PresenceSubmission } from '../contract/presence-proof.ts';
import type { ProblemDocument } from '../contract/problem.ts';

/** One tap as a gateway keeps it: first what the terminal handed over, then what the exchange said. */
export interface GatewayVisit {
  readonly submissionId: string;
  /** The presence proof's `jti`. */
  readonly visitId: string;
  readonly submissionHash: string;
  readonly state: (typeof VISIT_STATES)[number];
  /** By the terminal's clock. */
  readonly presentedAt: Date;
  readonly receivedAt: Date;
  readonly acceptedAt: Date | null;
  readonly person: Person | null;
  readonly coverage: CoverageView;
  /** Visit record, compact JWS. */
  readonly record: string | null;
  readonly receipt: Receipt | null;
  /** Why it was refused, or why it still waits. */
  readonly problem: ProblemDocument | null;
}

/** A tap that waits for the exchange, with what has to be sent. It holds the certificate until there is an answer. */
export interface KeptVisit extends GatewayVisit {
  readonly submission: PresenceSubmission;
  readonly attempts: number;
}

export interface NewGatewayVisit {
  readonly visitId: string;
  readonly submission: PresenceSubmission;
  readonly submissionHash: string;
  readonly presentedAt: Date;
  readonly receivedAt: Date;
}

export type RecordedVisit = Pick<GatewayVisit, 'person' | 'coverage' | 'receipt'> & {
  readonly record: string;
  readonly acceptedAt: Date;
};

/** A gateway's visits. Writes resolve when they are durable. */
export interface GatewayVisitStore {
  /**
   * Keeps a tap before anything else is done with it; the same submission again gives what is known of it.
   *
   * @throws {Problem} `conflict` when the id stands for other bytes, `presence_replayed` when the proof came in another
   * submission
   */
  keep(visit: NewGatewayVisit): Promise<GatewayVisit>;
  find(submissionId: string): Promise<GatewayVisit | undefined>;
  findByVisit(visitId: string): Promise<GatewayVisit | undefined>;
  /** Recorded visits of one person, oldest first. */
  listBySubject(subject: Subject): Promise<readonly GatewayVisit[]>;
  /** Newest first, by when it was received; `after` a submission in that order, of which none follow one that is unknown. */
  list(options: {
    readonly since?: Date;
    readonly after?: string;
    readonly limit: number;
  }): Promise<readonly GatewayVisit[]>;

  findKept(submissionId: string): Promise<KeptVisit | undefined>;
  /** Taps whose next attempt is due, oldest first. */
  listDue(now: Date, limit: number): Promise<readonly KeptVisit[]>;
  countKept(): Promise<number>;
  /** The exchange's record; the submission is forgotten with it. */
  settleRecorded(submissionId: string, recorded: RecordedVisit): Promise<void>;
  /** The exchange's refusal, for good; the submission is forgotten with it. */
  settleRefused(submissionId: string, problem: ProblemDocument): Promise<void>;
  postpone(submissionId: string, problem: ProblemDocument, nextAttempt: Date): Promise<void>;

  /** Recorded visits whose receipt has not come yet, oldest first. */
  listWithoutReceipt(limit: number): Promise<readonly GatewayVisit[]>;
  /** Recorded visits whose receipt has fewer cosignatures than this, oldest first. */
  listScarcelyCosigned(threshold: number, limit: number): Promise<readonly GatewayVisit[]>;
  /** Recorded visits accepted before this time whose receipt carries no time-stamp, oldest first. */
  listUnstamped(acceptedBefore: Date, limit: number): Promise<readonly GatewayVisit[]>;
  saveReceipt(submissionId: string, receipt: Receipt): Promise<void>;
}
