import type { RecordKind } from '../contract/record-kind.ts';

/** A FHIR Bundle as it was registered for one visit. */
export interface StoredDocument {
  readonly id: string;
  readonly visitId: string;
  readonly kind: RecordKind;
  readonly registeredAt: Date;
  /** Number of resources in the bundle. */
  readonly resources: number;
  /** The bundle's JSON, every digit as it was written. */
  readonly bundle: string;
}

/** The record store of an institution. A write is durable when it resolves, and can be repeated. */
export interface RecordStore {
  /** Stores a document; the same bundle for the same visit again gives the document that stands. */
  register(document: StoredDocument): Promise<StoredDocument>;
  /** Documents of these visits, oldest first; of these kinds only when kinds are named. */
  readForVisits(visitIds: readonly string[], kinds?: readonly RecordKind[]): Promise<readonly StoredDocument[]>;
  /** How many documents each of these visits has; visits without any are left out. */
  countForVisits(visitIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
