import type { InstitutionId, Subject } from '../contract/ids.ts';
import type { PresenceUse } from './presence.ts';

/** A visit record as an exchange keeps it. Who was meant stands in it as a pseudonym only. */
export interface StoredVisit {
  /** The presence proof's `jti`. */
  readonly id: string;
  readonly institution: InstitutionId;
  readonly subject: Subject;
  readonly submissionId: string;
  /** Hash of the submission that was answered with this record. */
  readonly submissionHash: string;
  /** Visit record, compact JWS. */
  readonly record: string;
  /** Salt of the record's leaf in the evidence log. */
  readonly salt: Uint8Array;
  /** Index of the leaf. */
  readonly leaf: number;
}

/** Where a new record stands in the person's chain and in the institution's. */
export interface VisitPlace {
  /** Hash of the person's record before; null for the first. */
  readonly previous: string | null;
  readonly sequence: number;
}

/** A finished record and what goes with it. */
export interface SealedVisit {
  readonly record: string;
  readonly recordHash: string;
  readonly salt: Uint8Array;
  /** Leaf data of the evidence log. */
  readonly commitment: Uint8Array;
}

export type NewVisit = Omit<StoredVisit, 'record' | 'salt' | 'leaf'> & { readonly use: PresenceUse };

/** An exchange's visit records. Writes resolve when they are durable. */
export interface VisitStore {
  findBySubmission(institution: InstitutionId, submissionId: string): Promise<StoredVisit | undefined>;
  find(id: string): Promise<StoredVisit | undefined>;
  /**
   * Takes a visit's place in both chains, lets `seal` sign the record for that place, uses the presence proof up and
   * sequences the leaf: one durable step, all or nothing. A submission that was stored meanwhile gives the stored visit.
   *
   * `seal` runs inside the transaction and may run again; it must not wait for anything.
   *
   * @throws {Problem} `presence_replayed`, `conflict` when the submission's id stands for other bytes
   */
  accept(visit: NewVisit, seal: (place: VisitPlace) => SealedVisit): Promise<StoredVisit>;
  /** A person's visits in the order of their chain. */
  listBySubject(subject: Subject): Promise<readonly StoredVisit[]>;
  count(): Promise<number>;
}
