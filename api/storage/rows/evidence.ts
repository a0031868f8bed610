import type { StoredTimestamp } from '../evidence.ts';

export interface CheckpointRow {
  readonly size: number;
  readonly root: Uint8Array;
  readonly signed_at: number;
  readonly note: string;
  readonly cosignatures: number;
}

export interface TimestampRow {
  readonly size: number;
  readonly authority: string;
  readonly kind: StoredTimestamp['kind'];
  readonly token: Uint8Array;
  readonly time: number;
}

export const toTimestamp = (row: TimestampRow | undefined): StoredTimestamp | undefined =>
  row && { ...row, token: new Uint8Array(row.token), time: new Date(row.time) };
