import type { ShareRequest } from '../contract/share-request.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import type { SharingParts } from './parts.ts';
import { decideFor } from './decision.ts';
import { checkRequest, firstProblem, type CheckedRequest } from './release-checks.ts';

/** Runs every check of a request to us, as things stand now. */
export const checkHere = (parts: SharingParts, jws: string, request: ShareRequest): Promise<CheckedRequest> =>
  checkRequest(jws, request, {
    holder: parts.institution,
    signers: parts.signers,
    exchangeKeys: parts.directory().exchangeKeys,
    fetchWithdrawals: parts.fetchWithdrawals,
    visitsHere: (subject) => parts.records.visitsOf(subject),
    isReplayed: false,
    at: parts.now(),
  });

/**
 * Looks at an open request again: a consent may have ended and a certificate may have been revoked while it waited. What was
 * found is kept; the policy's word stays that of the first time it was asked.
 */
export async function checkAgain(parts: SharingParts, entry: InboxEntry, request: ShareRequest) {
  const checked = await checkHere(parts, entry.request, request);
  const problem = firstProblem(checked);
  const decision = problem ? entry.decision : (entry.decision ?? (await decideFor(parts, request, checked)).decision);
  await parts.store.noteLook(entry.id, { checks: checked.checks, decision });
  return { checked, problem, decision };
}
