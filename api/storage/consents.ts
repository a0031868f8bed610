import type { InstitutionId, Subject } from '../contract/ids.ts';
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
}
