import type { Envelope } from '../contract/envelope.ts';
import { Problem } from '../contract/problem.ts';
import { recordHash } from '../contract/visit-record.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import type { SharingParts } from './parts.ts';
import { prepareRefusal } from './refusal.ts';
import { checkRequest, firstProblem } from './release-checks.ts';
import { readRequest } from './request-statement.ts';

/**
 * Takes a request that arrived: every check is run and kept with its result. One that failed for good is refused at once,
 * with the check's code; one that failed for want of an answer waits in the inbox like a good one, and is checked again
 * before anything leaves.
 *
 * @throws {Problem} `request_malformed`, `request_wrong_recipient`, `request_replayed`: the envelope itself is refused
 */
export async function receiveRequest(parts: SharingParts, envelope: Envelope, jws: string): Promise<void> {
  const request = readRequest(jws);
  if (request.to !== parts.institution) throw new Problem('request_wrong_recipient', 'the request asks someone else');
  if (request.from !== envelope.from) throw new Problem('request_malformed', 'another sender than the envelope');
  if (await parts.store.readInbox(request.id)) throw new Problem('request_replayed', 'the request came before');

  const at = parts.now();
  const checked = await checkRequest(jws, request, {
    holder: parts.institution,
    signers: parts.signers,
    exchangeKeys: parts.directory().exchangeKeys,
    isReplayed: false,
    at,
  });
  const problem = firstProblem(checked);
  const isRefused = problem !== undefined && problem.status < 500;
  const hash = recordHash(jws);
  const entry: InboxEntry = {
    ...{ id: request.id, hash, request: jws, from: request.from, receivedAt: at },
    ...{ doctor: checked.doctor, checks: checked.checks },
    ...{ state: isRefused ? 'refused' : 'open', answeredAt: isRefused ? at : null },
  };
  const refusal = isRefused ? await prepareRefusal(parts, entry, problem.code) : undefined;
  await parts.store.receiveRequest(entry, { envelopeId: envelope.id, at }, refusal);
  if (refusal) parts.post.wake();
}
