import { type Answerer } from '../contract/access-event.ts';
import { createId } from '../contract/ids.ts';
import { presenceHash } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import { signRelease, type Release, type ReleasedDocument } from '../contract/release.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import { recordHash } from '../contract/visit-record.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import { describeAccess } from './access-entry.ts';
import { checkAgain } from './check-again.ts';
import { decideFor, type Decided } from './decision.ts';
import { ANSWER_LIFETIME_MS, type SharingParts } from './parts.ts';
import type { CheckedRequest } from './release-checks.ts';
import { basisOf, priorityOf } from './request-basis.ts';
import { readRequest } from './request-statement.ts';

/**
 * Releases what a request asks for, because a person decided so or the policy does. Every check is run again first, and the
 * policy in force holds back what it does not let go. Release, send log, access event and envelope are stored in one commit.
 * Again: what stands.
 *
 * @throws {Problem} the first failed check's, `alarm_open`, `policy_refused`, `nothing_to_release`, `not_found`,
 * `request_already_answered`
 */
export async function releaseRecords(parts: SharingParts, id: string, by: Answerer = 'person'): Promise<InboxEntry> {
  const entry = await parts.store.readInbox(id);
  if (!entry) throw new Problem('not_found', 'no such request');
  if (entry.state === 'released') {
    parts.post.wake();
    return entry;
  }
  if (entry.state === 'refused') throw new Problem('request_already_answered', 'it was refused');
  if (by === 'person' && entry.alarm?.acknowledgedAt === null) {
    throw new Problem('alarm_open', 'nobody has acknowledged the alarm yet');
  }
  const request = readRequest(entry.request);
  const { checked, problem } = await checkAgain(parts, entry, request);
  if (problem) throw problem;
  const decided = await decideFor(parts, request, checked);
  const documents = await chooseDocuments(parts, decided, by);
  return answer(parts, entry, { request, checked, decided, documents, by });
}

/** What may leave. A person lets go what the policy leaves to them; the policy by itself only what it lets go by itself. */
async function chooseDocuments(
  { dispensings }: SharingParts,
  { decision, documents }: Decided,
  by: Answerer,
): Promise<readonly ReleasedDocument[]> {
  const isAllowed = by === 'policy' ? decision.effect === 'release' : decision.effect !== 'refuse';
  if (!isAllowed) throw new Problem('policy_refused', `the policy says ${decision.effect}`);
  const chosen = documents.filter(({ effect }) => effect !== 'refuse').map(({ document }) => document);
  if (chosen.length === 0) throw new Problem('nothing_to_release', 'no documents of these kinds for these visits');
  const uses = await dispensings.readUses(chosen.map(({ id }) => id));
  return chosen.map((document) => {
    const used = uses.get(document.id);
    return used ? { ...document, used } : document;
  });
}

interface Answering {
  readonly request: ShareRequest;
  readonly checked: CheckedRequest;
  readonly decided: Decided;
  readonly documents: readonly ReleasedDocument[];
  readonly by: Answerer;
}

async function answer(parts: SharingParts, entry: InboxEntry, answering: Answering): Promise<InboxEntry> {
  const { request, checked, decided, documents, by } = answering;
  const { doctor, subject } = checked;
  if (!doctor || subject === null) throw new TypeError('checks that hold name the doctor and the person');
  const { id, from } = entry;
  const at = parts.now();
  const withheld = [
    ...new Set(decided.documents.filter(({ effect }) => effect === 'refuse').map(({ document }) => document.kind)),
  ];
  const release: Release = {
    ...{ version: 1, id: createId(), requestId: id, requestHash: entry.hash, from: parts.institution, to: from },
    releasedAt: at.toISOString(),
    documents,
    ...(withheld.length > 0 ? { withheld } : {}),
  };
  const jws = await signRelease(release, parts.key);
  const expires = new Date(at.getTime() + ANSWER_LIFETIME_MS);
  // Left out otherwise: a large one goes as bulk.
  const priority = priorityOf(request) === 'urgent' ? ({ priority: 'urgent' } as const) : {};
  const outgoing = await parts.post.prepare({ to: from, kind: 'release', conversation: id, jws, expires, ...priority });
  const kinds = [...new Set(documents.map(({ kind }) => kind))];
  const what = { subject, doctor, kinds, documents: documents.length };
  const event = await describeAccess(parts, request, { action: 'released', ...what, by });
  const answered = await parts.store.answerRequest(id, {
    ...{ state: 'released', at, by, outgoing, events: [event] },
    log: {
      ...{ releaseId: release.id, releaseHash: recordHash(jws), requestId: id, to: from, ...what, releasedAt: at },
      ...{ by, policyVersion: by === 'policy' ? decided.policy.version : null, basis: basisOf(request), withheld },
      consent: request.consent ? presenceHash(request.consent.presence) : null,
      eventId: event.id,
    },
  });
  parts.post.wake();
  parts.wakeReporting();
  return answered;
}
