import { Receipt } from '../../contract/evidence/receipt.ts';
import { VISIT_STATES } from '../../contract/visits-api.ts';
import { CoverageView, Person } from '../../contract/person.ts';
import { PresenceSubmission } from '../../contract/presence-proof.ts';
import { ProblemDocument } from '../../contract/problem.ts';
import type { GatewayVisit, KeptVisit } from '../gateway-visits.ts';

export interface GatewayVisitRow {
  readonly submission_id: string;
  readonly visit_id: string;
  readonly submission_hash: string;
  readonly state: string;
  readonly presented_at: number;
  readonly received_at: number;
  readonly accepted_at: number | null;
  readonly person: string | null;
  readonly coverage: string;
  readonly record: string | null;
  readonly receipt: string | null;
  readonly problem: string | null;
  readonly submission: string | null;
  readonly attempts: number;
}

export function toVisit(row: GatewayVisitRow): GatewayVisit {
  const state = VISIT_STATES.find((known) => known === row.state);
  if (!state) throw new RangeError('a state that this release does not know');
  return {
    submissionId: row.submission_id,
    visitId: row.visit_id,
    submissionHash: row.submission_hash,
    state,
    presentedAt: new Date(row.presented_at),
    receivedAt: new Date(row.received_at),
    acceptedAt: row.accepted_at === null ? null : new Date(row.accepted_at),
    person: row.person === null ? null : Person.parse(JSON.parse(row.person)),
    coverage: CoverageView.parse(JSON.parse(row.coverage)),
    record: row.record,
    receipt: row.receipt === null ? null : Receipt.parse(JSON.parse(row.receipt)),
    problem: row.problem === null ? null : ProblemDocument.parse(JSON.parse(row.problem)),
  };
}

export const toKept = (row: GatewayVisitRow): KeptVisit => ({
  ...toVisit(row),
  submission: PresenceSubmission.parse(JSON.parse(row.submission ?? 'null')),
  attempts: row.attempts,
});

export const encodeNullable = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
