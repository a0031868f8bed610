import type { AccessAction } from '../contract/access-event.ts';
import type { InstitutionId, Subject } from '../contract/ids.ts';

/** An access event that an institution signed, as its exchange keeps it for the person. */
export interface NewAccessEvent {
  readonly id: string;
  readonly subject: Subject;
  /** Who signed it. */
  readonly institution: InstitutionId;
  readonly action: AccessAction;
  readonly at: Date;
  /** Compact JWS. */
  readonly event: string;
  readonly salt: Uint8Array;
  /** Leaf data of the evidence log. */
  readonly commitment: Uint8Array;
}

export interface StoredAccessEvent extends Omit<NewAccessEvent, 'commitment'> {
  /** Index of the leaf. */
  readonly leaf: number;
}

/** The access events at an exchange. Writes resolve when they are durable. */
export interface AccessEventStore {
  /**
   * Stores events and sequences a leaf for each, in one step. An event that is known changes nothing.
   *
   * @throws {Problem} `conflict` when an id stands for other bytes: then none of them is stored
   */
  accept(events: readonly NewAccessEvent[]): Promise<void>;
  /** A person's events in the order in which they arrived. */
  listBySubject(subject: Subject): Promise<readonly StoredAccessEvent[]>;
  /** Which leaves from `begin` to `end` (exclusive) are access events; what was forgotten is not among them. */
  listLeaves(begin: number, end: number): Promise<readonly number[]>;
  /** How many were asked for without consent since then, and when the last. */
  countEmergencies(since: Date): Promise<{ readonly count: number; readonly newest: Date | null }>;
  /** Forgets a person: events and salts go, leaves that say nothing stay. Resolves with how many went. */
  forget(subject: Subject): Promise<number>;
}
