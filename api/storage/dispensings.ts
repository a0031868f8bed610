import type { PrescriptionUse } from '../contract/dispensing.ts';
import type { InstitutionId } from '../contract/ids.ts';
import type { QueuedAccessEvent } from './access-outbox.ts';
import type { OutgoingEnvelope } from './post-office.ts';
import type { Arrival } from './sharing.ts';

/** A prescription that we filled, and the envelope that tells its issuer. */
export interface OurDispensing {
  readonly id: string;
  readonly requestId: string;
  readonly documentId: string;
  readonly dispensedAt: Date;
  readonly envelopeId: string;
}

/** A dispensing answer that arrived. */
export interface TheirDispensing {
  readonly id: string;
  readonly documentId: string;
  readonly by: InstitutionId;
  readonly at: Date;
  /** Compact JWS. */
  readonly jws: string;
}

/** Uses of prescriptions: ours of others' and others' of ours. Writes are durable when they resolve and can be repeated. */
export interface DispensingStore {
  /**
   * Stores that we filled a prescription, with the envelope that says so. Once for each document: the same document again
   * gives what stands.
   */
  post(dispensing: Omit<OurDispensing, 'envelopeId'>, outgoing: OutgoingEnvelope): Promise<OurDispensing>;
  listForRequest(requestId: string): Promise<readonly OurDispensing[]>;

  /**
   * Uses a prescription of ours up. The same answer again changes nothing.
   *
   * @throws {Problem} `prescription_used` when another answer came first
   */
  receive(dispensing: TheirDispensing, arrival: Arrival, events: readonly QueuedAccessEvent[]): Promise<void>;
  /** Of these documents of ours, those that were used. */
  readUses(documentIds: readonly string[]): Promise<ReadonlyMap<string, PrescriptionUse>>;
}
