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
  /**
   * What the leaves `begin` to `end` (exclusive) commit to, by leaf; those that were forgotten are absent. One range read.
   */
  readOpenings(begin: number, end: number): Promise<ReadonlyMap<number, LeafOpening>>;
  /**
   * Forgets a person: every record and salt goes, out of the files too as far as the store reaches them, and what stays is
   * leaves that say nothing. Numbers of institutions are not given again. Resolves with how many records went; safe to
   * repeat.
   *
   * @throws {RangeError} when the records are gone but not yet out of the files: call again
   */
  forget(subject: Subject): Promise<number>;
  count(): Promise<number>;
}

/** What one leaf of the evidence log commits to. */
export interface LeafOpening {
  readonly record: string;
  readonly salt: Uint8Array;
}
