import type { Envelope, EnvelopeState } from '../../contract/envelope.ts';
import type { DeadLetter, RelayedEnvelope, Upload } from '../relay.ts';

export interface RelayRow {
  readonly id: string;
  readonly recipient: string;
  readonly envelope: string;
  readonly seal: string;
  readonly peer: string | null;
  readonly origin: string | null;
  readonly state: EnvelopeState;
  readonly changed: number;
  readonly digest: string;
  readonly size: number;
  readonly held: string | null;
  readonly reason: string | null;
}

export interface UploadRow {
  readonly recipient: string;
  readonly id: string;
  readonly sender: string;
  readonly digest: string;
  readonly size: number;
  readonly received: number;
  readonly expires: number;
}

/** @param receipts in order of arrival */
export const toRelayed = (row: RelayRow, receipts: readonly string[]): RelayedEnvelope => ({
  envelope: parseEnvelope(row.envelope),
  seal: row.seal,
  destination: row.peer === null ? { kind: 'mailbox' } : { kind: 'peer', exchange: row.peer },
  origin: row.origin,
  state: row.state,
  changed: new Date(row.changed),
  receipts,
});

export const toDeadLetter = (row: RelayRow, receipts: readonly string[]): DeadLetter => ({
  ...toRelayed(row, receipts),
  reason: row.held ?? row.reason,
});

export const toUpload = ({ recipient, sender, expires, ...row }: UploadRow): Upload => ({
  ...row,
  to: recipient,
  from: sender,
  expires: new Date(expires),
});

/** Written by the drivers only, from a parsed envelope; rows of the first release lack the priority. */
export function parseEnvelope(text: string): Envelope {
  const stored = JSON.parse(text) as Omit<Envelope, 'priority'> & Partial<Envelope>;
  return { ...stored, priority: stored.priority ?? 'normal' };
}
