import type { Binding, RsaPublicJwk } from '../contract/binding.ts';
import type { InstitutionId, Subject } from '../contract/ids.ts';

/** Which card key belongs to which certificate, and to whom: the pairing table that a tap is verified with. */
export interface CardBinding {
  /** SHA-256 of the authentication certificate. */
  readonly certHash: string;
  readonly subject: Subject;
  readonly cardKey: RsaPublicJwk;
  readonly application: Binding['application'];
  readonly institution: InstitutionId;
  readonly enrolledAt: Date;
}

export interface IssuedEnrolmentChallenge {
  readonly challenge: string;
  readonly institution: InstitutionId;
  readonly expires: Date;
  /** Hash of the submission that used it, null while it is unused. */
  readonly usedBy: string | null;
}

/** An exchange's card bindings. Writes resolve when they are durable. */
export interface EnrolmentStore {
  saveChallenge(challenge: Omit<IssuedEnrolmentChallenge, 'usedBy'>): Promise<void>;
  findChallenge(challenge: string): Promise<IssuedEnrolmentChallenge | undefined>;
  /**
   * Stores the binding and uses the challenge up, in one step. A certificate that was bound before is bound anew.
   *
   * @throws {Problem} `enrolment_challenge_unknown` when another submission used the challenge
   */
  enrol(binding: CardBinding, use: { readonly challenge: string; readonly submissionHash: string }): Promise<void>;
  findBinding(certHash: string): Promise<CardBinding | undefined>;
}
