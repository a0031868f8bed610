import type { ExchangeId, InstitutionId, Subject } from '../contract/ids.ts';
import type { PresenceUse } from './presence.ts';

/** A consent to read a history, as the exchange that verified it keeps it. */
export interface StoredConsent {
  readonly institution: InstitutionId;
  readonly submissionId: string;
  readonly submissionHash: string;
  readonly subject: Subject;
  /** What the card signed, compact JWS. */
  readonly presence: string;
  /** The exchange's word for whose card key that is, compact JWS. */
  readonly binding: string;
}

/** Consents of an exchange. Writes resolve when they are durable. */
export interface ConsentStore {
  find(institution: InstitutionId, submissionId: string): Promise<StoredConsent | undefined>;
  /**
   * Stores a consent and uses its presence proof up, in one step; a submission that was stored meanwhile gives the stored
   * consent.
   *
   * @throws {Problem} `presence_replayed`, `conflict` when the submission's id stands for other bytes
   */
  accept(consent: StoredConsent, use: PresenceUse): Promise<StoredConsent>;
  /** A person's consents at this exchange, oldest first. */
  listBySubject(subject: Subject): Promise<readonly StoredConsent[]>;

  /**
   * Stores a withdrawal, uses its presence proof up (of a member's; a peer used it up) and owes it to the named peers, in one
   * step. The same withdrawal again changes nothing.
   *
   * @throws {Problem} `presence_replayed`
   */
  withdraw(withdrawal: StoredWithdrawal, use: PresenceUse | null, peers: readonly ExchangeId[]): Promise<void>;
  findWithdrawal(id: string): Promise<StoredWithdrawal | undefined>;
  /** Everything this person took back, oldest first. */
  listWithdrawals(subject: Subject): Promise<readonly StoredWithdrawal[]>;
  /** What a peer has not been told yet, oldest first. */
  readOwedWithdrawals(peer: ExchangeId, count: number): Promise<readonly StoredWithdrawal[]>;
  settleWithdrawals(peer: ExchangeId, ids: readonly string[]): Promise<void>;
}

/** A consent taken back. */
export interface StoredWithdrawal {
  /** The presence proof's `jti`. */
  readonly id: string;
  readonly subject: Subject;
  readonly acceptedAt: Date;
  /** What the card signed, compact JWS. */
  readonly presence: string;
  /** The word of the exchange that took it for whose card that is, compact JWS. */
  readonly binding: string;
}
