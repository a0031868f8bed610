import { recordHash } from '../contract/visit-record.ts';
import { Problem } from '../contract/problem.ts';
import type { SentRequestEntry } from '../storage/sharing.ts';
import type { SharingParts } from './parts.ts';
import { checkRequest, firstProblem } from './release-checks.ts';
import { priorityOf } from './request-basis.ts';
import { readRequest } from './request-statement.ts';

/**
 * Sends a request that a doctor of this institution signed. It is checked here as it will be checked where it arrives, so
 * that the doctor hears at once what is wrong; then it is stored with its envelope and goes out by itself. The same request
 * again is answered with what stands.
 *
 * @throws {Problem}
 */
export async function postRequest(parts: SharingParts, jws: string): Promise<SentRequestEntry> {
  const request = readRequest(jws);
  const hash = recordHash(jws);
  const known = await parts.store.readSent(request.id);
  if (known?.hash === hash) {
    // An earlier try may have been stored without anybody hearing of it, the sender included.
    parts.post.wake();
    return known;
  }
  if (known) throw new Problem('conflict', 'the id stands for another request');

  if (request.from !== parts.institution) throw new Problem('forbidden', 'a request in the name of someone else');
  const checked = await checkRequest(jws, request, {
    holder: request.to,
    signers: parts.signers,
    exchangeKeys: parts.directory().exchangeKeys,
    fetchWithdrawals: parts.fetchWithdrawals,
    isReplayed: false,
    at: parts.now(),
  });
  const problem = firstProblem(checked);
  if (problem) throw problem;
  if (checked.subject === null) throw new TypeError('a consent that holds names its subject');

  const outgoing = await parts.post.prepare({
    ...{ to: request.to, kind: 'share-request', conversation: request.id, jws },
    expires: new Date(request.expires),
    priority: priorityOf(request),
  });
  const entry = await parts.store.postRequest(
    { id: request.id, hash, request: jws, subject: checked.subject },
    outgoing,
  );
  parts.post.wake();
  return entry;
}
