import type { StoredVisit } from '../visits.ts';

export interface VisitRow {
  readonly leaf: number;
  readonly id: string;
  readonly institution: string;
  readonly subject: string;
  readonly submission_id: string;
  readonly submission_hash: string;
  readonly record: string;
  readonly salt: Uint8Array;
}

export const toVisit = (row: VisitRow): StoredVisit => ({
  id: row.id,
  institution: row.institution,
  subject: row.subject,
  submissionId: row.submission_id,
  submissionHash: row.submission_hash,
  record: row.record,
  salt: new Uint8Array(row.salt),
  leaf: row.leaf,
});
