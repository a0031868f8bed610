import type { EnvelopeKind, EnvelopeState } from '../../contract/envelope.ts';
import type { EnvelopeProgress, OutgoingEnvelope } from '../post-office.ts';

export interface OutboxRow {
  readonly id: string;
  readonly recipient: string;
  readonly kind: EnvelopeKind;
  readonly conversation: string;
  readonly created: number;
  readonly expires: number;
  readonly digest: string;
  readonly seal: string;
  readonly state: EnvelopeState | null;
  readonly reason: string | null;
  readonly receipts: string;
  readonly size: number;
}

export const toProgress = ({ id, digest, created, state, reason, receipts }: OutboxRow): EnvelopeProgress => ({
  ...{ id, digest, state, reason },
  created: new Date(created),
  receipts: parseReceipts(receipts),
});

export const toOutgoing = (
  { id, recipient, kind, conversation, digest, seal, ...row }: OutboxRow,
  body: string,
): OutgoingEnvelope => ({
  ...{ id, to: recipient, kind, conversation, digest, seal, body },
  created: new Date(row.created),
  expires: new Date(row.expires),
});

/** Written by this driver only, as an array of strings. */
export const parseReceipts = (text: string): readonly string[] => JSON.parse(text) as readonly string[];
