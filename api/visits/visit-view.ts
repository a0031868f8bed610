import type { VisitSummary, VisitView } from '../contract/visits-api.ts';
import type { GatewayVisit } from '../storage/gateway-visits.ts';

/** A visit as terminals see it. */
export function toVisitView(visit: GatewayVisit, documents: number): VisitView {
  const { submissionId, visitId, state, person, coverage, record, receipt, problem } = visit;
  return {
    submissionId,
    visitId,
    state,
    presentedAt: visit.presentedAt.toISOString(),
    receivedAt: visit.receivedAt.toISOString(),
    acceptedAt: visit.acceptedAt?.toISOString() ?? null,
    person,
    coverage,
    record,
    receipt,
    problem,
    documents,
  };
}

/** What a long list needs of it. */
export const toVisitSummary = (view: VisitView): VisitSummary => {
  const { submissionId, visitId, state, presentedAt, receivedAt, person, documents } = view;
  return { submissionId, visitId, state, presentedAt, receivedAt, person, documents };
};
