import {
  decide,
  decideRequest,
  type PolicyDecision,
  type PolicyEffect,
  type PolicyVersion,
} from '../contract/policy.ts';
import type { RecordKind } from '../contract/record-kind.ts';
import type { ReleasedDocument } from '../contract/release.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import type { SharingParts, VisitHere } from './parts.ts';
import type { CheckedRequest } from './release-checks.ts';
import { policyPurposeOf } from './request-basis.ts';

const DAY_MS = 86_400_000;

/** What the policy in force says about a request whose checks hold, as a whole and document by document. */
export interface Decided {
  readonly policy: PolicyVersion;
  readonly decision: PolicyDecision;
  readonly documents: readonly { readonly document: ReleasedDocument; readonly effect: PolicyEffect }[];
}

export async function decideFor(
  parts: Pick<SharingParts, 'policy' | 'records' | 'now'>,
  request: ShareRequest,
  checked: Pick<CheckedRequest, 'doctor' | 'visits'>,
): Promise<Decided> {
  const policy = await parts.policy();
  const documents = await readAged(parts, request.kinds, checked.visits);
  const question = {
    role: checked.doctor?.role ?? '',
    requester: request.from,
    purpose: policyPurposeOf(request),
  };
  return {
    policy,
    decision: decideRequest(policy, { ...question, kinds: request.kinds, documents }),
    documents: documents.map(({ document, kind, ageDays }) => ({
      document,
      effect: decide(policy.rules, { ...question, kind, ageDays }).effect,
    })),
  };
}

/** What is asked for, with its age: whole days since the visit. */
export async function readAged(
  { records, now }: Pick<SharingParts, 'records' | 'now'>,
  kinds: readonly RecordKind[],
  visits: readonly VisitHere[],
) {
  const days = new Map(visits.map(({ id, presentedAt }) => [id, presentedAt] as const));
  const documents = await records.readDocuments([...days.keys()], kinds);
  return documents.map((document) => {
    const age = now().getTime() - (days.get(document.visitId) ?? now()).getTime();
    return { document, kind: document.kind, ageDays: Math.max(0, Math.floor(age / DAY_MS)) };
  });
}
