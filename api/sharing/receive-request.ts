import type { Envelope } from '../contract/envelope.ts';
import { Problem, type ProblemCode } from '../contract/problem.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import { recordHash } from '../contract/visit-record.ts';
import type { QueuedAccessEvent } from '../storage/access-outbox.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import { describeAccess } from './access-entry.ts';
import { checkHere } from './check-again.ts';
import { decideFor } from './decision.ts';
import type { SharingParts } from './parts.ts';
import { describeRefusal, prepareRefusal } from './refusal.ts';
import { firstProblem, type CheckedRequest } from './release-checks.ts';
import { basisOf } from './request-basis.ts';
import { readRequest } from './request-statement.ts';
import { releaseByPolicy } from './settle-inbox.ts';

/**
 * Takes a request that arrived: every check is run and kept with its result, and where all hold the policy is asked. One
 * that failed for good or that the policy refuses is answered at once; one that failed for want of an answer waits in the
 * inbox like one that a person has to decide, and is looked at again. A request without consent raises an alarm whatever
 * becomes of it.
 *
 * @throws {Problem} `request_malformed`, `request_wrong_recipient`, `request_replayed`: the envelope itself is refused
 */
export async function receiveRequest(parts: SharingParts, envelope: Envelope, jws: string): Promise<void> {
  const request = readRequest(jws);
  if (request.to !== parts.institution) throw new Problem('request_wrong_recipient', 'the request asks someone else');
  if (request.from !== envelope.from) throw new Problem('request_malformed', 'another sender than the envelope');
  if (await parts.store.readInbox(request.id)) throw new Problem('request_replayed', 'the request came before');

  const at = parts.now();
  const checked = await checkHere(parts, jws, request);
  const problem = firstProblem(checked);
  const decision = problem ? null : (await decideFor(parts, request, checked)).decision;
  const reason = reasonToRefuse(problem, decision?.effect);
  const entry: InboxEntry = {
    ...{ id: request.id, hash: recordHash(jws), request: jws, from: request.from, receivedAt: at },
    ...{ doctor: checked.doctor, checks: checked.checks, decision },
    ...{ state: reason ? 'refused' : 'open', answeredAt: reason ? at : null },
    answeredBy: reason === 'policy_refused' ? 'policy' : null,
    alarm: basisOf(request) === 'emergency' ? { acknowledgedAt: null, acknowledgedBy: null } : null,
  };
  const refusal = reason && (await prepareRefusal(parts, entry, reason));
  const events = [
    ...(await describeEmergency(parts, request, checked)),
    ...(reason ? await describeRefusal(parts, entry, reason, entry.answeredBy) : []),
  ];
  await parts.store.receiveRequest(entry, { envelopeId: envelope.id, at }, { refusal, events });
  if (refusal) parts.post.wake();
  if (events.length > 0) parts.wakeReporting();
  await releaseByPolicy(parts, entry);
}

function reasonToRefuse(problem: Problem | undefined, effect: string | undefined): ProblemCode | undefined {
  if (problem) return problem.status < 500 ? problem.code : undefined;
  return effect === 'refuse' ? 'policy_refused' : undefined;
}

/** The person shall see that somebody asked without them, even where nothing was given. */
async function describeEmergency(
  parts: SharingParts,
  request: ShareRequest,
  { subject, doctor }: CheckedRequest,
): Promise<readonly QueuedAccessEvent[]> {
  if (basisOf(request) !== 'emergency' || subject === null || !doctor) return [];
  return [await describeAccess(parts, request, { action: 'emergency_asked', subject, doctor })];
}
