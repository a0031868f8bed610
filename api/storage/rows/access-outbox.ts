import type { KeptAccessEvent } from '../access-outbox.ts';

export interface OutboxEventRow {
  readonly id: string;
  readonly jws: string;
  readonly taken_at: number | null;
}

export const toKeptEvent = ({ id, jws, taken_at }: OutboxEventRow): KeptAccessEvent => ({
  ...{ id, jws },
  takenAt: taken_at === null ? null : new Date(taken_at),
});
