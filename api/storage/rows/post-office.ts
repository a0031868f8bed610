import type { EnvelopeKind, EnvelopeState, Priority } from '../../contract/envelope.ts';
import type { EnvelopeProgress, UndeliveredEnvelope, UnsentEnvelope } from '../post-office.ts';

export interface OutboxRow {
  readonly id: string;
  readonly recipient: string;
  readonly kind: EnvelopeKind;
  readonly priority: Priority;
  readonly conversation: string;
  readonly created: number;
  readonly expires: number;
  readonly digest: string;
  readonly seal: string;
  readonly state: EnvelopeState | null;
  readonly reason: string | null;
  readonly receipts: string;
  readonly size: number;
  readonly ended: number | null;
  readonly resent_as: string | null;
}

export const toProgress = ({ id, digest, created, state, reason, receipts }: OutboxRow): EnvelopeProgress => ({
  ...{ id, digest, state, reason },
  created: new Date(created),
  receipts: parseReceipts(receipts),
});

/** @param body null for one that lies in pieces */
export function toUnsent(row: OutboxRow, body: string | null): UnsentEnvelope {
  const { id, recipient, kind, priority, conversation, digest, seal, size } = row;
  return {
    ...{ id, to: recipient, kind, priority, conversation, digest, seal, body, size },
    created: new Date(row.created),
    expires: new Date(row.expires),
  };
}

export const toUndelivered = (row: OutboxRow, statement: string | null): UndeliveredEnvelope => ({
  ...toProgress(row),
  ...{ to: row.recipient, kind: row.kind, priority: row.priority, conversation: row.conversation, statement },
  expires: new Date(row.expires),
  ended: new Date(row.ended ?? row.expires),
});

/** Written by the drivers only, as an array of strings. */
export const parseReceipts = (text: string): readonly string[] => JSON.parse(text) as readonly string[];
