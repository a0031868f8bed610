import { recordHash, type VisitRecord } from '#api/contract/visit-record.ts';

/** A visit record and the compact JWS that the next one's `previous` names. */
export interface ChainedRecord {
  readonly record: string;
  readonly visit: VisitRecord;
}

/**
 * How many records of a person one exchange left out: each record names its predecessor by hash, so a gap shows, and so
 * does an order that was changed. 0 when the chain is whole from the first record on.
 */
export function countGaps(records: readonly ChainedRecord[]): number {
  const known = new Set(records.map(({ record }) => recordHash(record)));
  return records.filter(({ visit }) => visit.previous !== null && !known.has(visit.previous)).length;
}
