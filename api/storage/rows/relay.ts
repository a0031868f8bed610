import { Envelope, type EnvelopeState } from '../../contract/envelope.ts';
import type { RelayedEnvelope } from '../relay.ts';

export interface RelayRow {
  readonly id: string;
  readonly envelope: string;
  readonly seal: string;
  readonly peer: string | null;
  readonly origin: string | null;
  readonly state: EnvelopeState;
  readonly changed: number;
  readonly digest: string;
  readonly size: number;
}

/** @param receipts in order of arrival */
export const toRelayed = (row: RelayRow, receipts: readonly string[]): RelayedEnvelope => ({
  envelope: Envelope.parse(JSON.parse(row.envelope)),
  seal: row.seal,
  destination: row.peer === null ? { kind: 'mailbox' } : { kind: 'peer', exchange: row.peer },
  origin: row.origin,
  state: row.state,
  changed: new Date(row.changed),
  receipts,
});
