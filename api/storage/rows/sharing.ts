import type { AccessBasis, Answerer } from '../../contract/access-event.ts';
import { Doctor } from '../../contract/doctor.ts';
import { ReleaseCheck } from '../../contract/release-checks.ts';
import { PolicyDecision } from '../../contract/policy.ts';
import { RecordKind } from '../../contract/record-kind.ts';
import type { InboxAnswer, InboxEntry, SendLogRow, SentRequestEntry } from '../sharing.ts';

export interface SentRow {
  readonly id: string;
  readonly hash: string;
  readonly request: string;
  readonly subject: string;
  readonly envelope_id: string;
  readonly answer_kind: 'released' | 'refused' | null;
  readonly answered_at: number | null;
  readonly statement: string | null;
}

export interface InboxRow {
  readonly id: string;
  readonly hash: string;
  readonly request: string;
  readonly sender: string;
  readonly received_at: number;
  readonly doctor: string | null;
  readonly checks: string;
  readonly state: 'open' | 'released' | 'refused';
  readonly answered_at: number | null;
  readonly answered_by: Answerer | null;
  readonly decision: string | null;
  readonly has_alarm: number;
  readonly alarm_seen_at: number | null;
  readonly alarm_seen_by: string | null;
}

export interface LogRow {
  readonly release_id: string;
  readonly release_hash: string;
  readonly request_id: string;
  readonly recipient: string;
  readonly doctor: string;
  readonly subject: string;
  readonly kinds: string;
  readonly documents: number;
  readonly released_at: number;
  readonly consent: string | null;
  readonly answered_by: Answerer;
  readonly policy_version: number | null;
  readonly basis: AccessBasis;
  readonly withheld: string;
  readonly event_id: string;
  readonly envelope_id: string;
  readonly delivery_receipt: string | null;
  readonly delivered_at: number | null;
}

export const toSentRequest = ({ id, hash, request, subject, ...row }: SentRow): SentRequestEntry => ({
  ...{ id, hash, request, subject, envelopeId: row.envelope_id },
  answer:
    row.answer_kind === null || row.statement === null
      ? null
      : { kind: row.answer_kind, at: new Date(row.answered_at ?? 0), statement: row.statement },
});

export const toInboxEntry = ({ id, hash, request, state, ...row }: InboxRow): InboxEntry => ({
  ...{ id, hash, request, state, from: row.sender, receivedAt: new Date(row.received_at) },
  doctor: row.doctor === null ? null : Doctor.parse(JSON.parse(row.doctor)),
  checks: ReleaseCheck.array().parse(JSON.parse(row.checks)),
  answeredAt: toDate(row.answered_at),
  answeredBy: row.answered_by,
  decision: row.decision === null ? null : PolicyDecision.parse(JSON.parse(row.decision)),
  alarm: row.has_alarm === 0 ? null : { acknowledgedAt: toDate(row.alarm_seen_at), acknowledgedBy: row.alarm_seen_by },
});

/** A request that arrived, as it is stored first. */
export const toInboxRow = (entry: InboxEntry) => ({
  ...{ id: entry.id, hash: entry.hash, request: entry.request, sender: entry.from, state: entry.state },
  ...{ receivedAt: entry.receivedAt.getTime(), checks: JSON.stringify(entry.checks), answeredBy: entry.answeredBy },
  ...{ doctor: entry.doctor && JSON.stringify(entry.doctor), answeredAt: entry.answeredAt?.getTime() ?? null },
  ...{ decision: entry.decision && JSON.stringify(entry.decision), hasAlarm: entry.alarm ? 1 : 0 },
});

/** A line of the send log with its lists and dates as they are stored. */
export const toLogTexts = (log: NonNullable<InboxAnswer['log']>) => ({
  ...log,
  ...{ doctor: JSON.stringify(log.doctor), kinds: JSON.stringify(log.kinds), withheld: JSON.stringify(log.withheld) },
  releasedAt: log.releasedAt.getTime(),
});

export const toSendLogRow = ({ subject, documents, consent, ...row }: LogRow): SendLogRow => ({
  ...{ subject, documents, consent, to: row.recipient, envelopeId: row.envelope_id },
  ...{ releaseId: row.release_id, releaseHash: row.release_hash, requestId: row.request_id },
  doctor: Doctor.parse(JSON.parse(row.doctor)),
  kinds: RecordKind.array().parse(JSON.parse(row.kinds)),
  withheld: RecordKind.array().parse(JSON.parse(row.withheld)),
  ...{ by: row.answered_by, policyVersion: row.policy_version, basis: row.basis, eventId: row.event_id },
  releasedAt: new Date(row.released_at),
  deliveryReceipt: row.delivery_receipt,
  deliveredAt: toDate(row.delivered_at),
});

const toDate = (time: number | null): Date | null => (time === null ? null : new Date(time));
