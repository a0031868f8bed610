import { createId } from '../contract/ids.ts';
import { presenceHash } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import { signRelease, type Release } from '../contract/release.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import { recordHash } from '../contract/visit-record.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import { ANSWER_LIFETIME_MS, type SharingParts } from './parts.ts';
import { checkRequest, firstProblem, type CheckedRequest } from './release-checks.ts';
import { readRequest } from './request-statement.ts';

/**
 * Releases what a request asks for. Every check is run again first: a consent may have ended and a certificate may have been
 * revoked while the request waited. Release, send log and envelope are stored in one commit. Again: what stands.
 *
 * @throws {Problem} the first failed check's, `nothing_to_release`, `not_found`, `request_already_answered`
 */
export async function releaseRecords(parts: SharingParts, id: string): Promise<InboxEntry> {
  const entry = await parts.store.readInbox(id);
  if (!entry) throw new Problem('not_found', 'no such request');
  if (entry.state === 'released') {
    parts.post.wake();
    return entry;
  }
  if (entry.state === 'refused') throw new Problem('request_already_answered', 'it was refused');
  const request = readRequest(entry.request);
  const checked = await checkAgain(parts, entry, request);
  const { doctor, subject, visits } = checked;
  if (!doctor || subject === null) throw new TypeError('checks that hold name the doctor and the person');

  const visitIds = visits.map((visit) => visit.id);
  const documents = await parts.records.readDocuments(visitIds, request.kinds);
  if (documents.length === 0) throw new Problem('nothing_to_release', 'no documents of these kinds for these visits');
  const at = parts.now();
  const release: Release = {
    ...{ version: 1, id: createId(), requestId: id, requestHash: entry.hash, from: parts.institution, to: entry.from },
    releasedAt: at.toISOString(),
    documents,
  };
  const jws = await signRelease(release, parts.key);
  const expires = new Date(at.getTime() + ANSWER_LIFETIME_MS);
  const outgoing = await parts.post.prepare({ to: entry.from, kind: 'release', conversation: id, jws, expires });
  const answered = await parts.store.answerRequest(id, {
    ...{ state: 'released', at, outgoing },
    log: {
      ...{ releaseId: release.id, releaseHash: recordHash(jws), requestId: id, to: entry.from, doctor, subject },
      ...{ kinds: [...new Set(documents.map(({ kind }) => kind))], documents: documents.length, releasedAt: at },
      consent: presenceHash(request.consent.presence),
    },
  });
  parts.post.wake();
  return answered;
}

async function checkAgain(parts: SharingParts, entry: InboxEntry, request: ShareRequest): Promise<CheckedRequest> {
  const checked = await checkRequest(entry.request, request, {
    holder: parts.institution,
    signers: parts.signers,
    exchangeKeys: parts.directory().exchangeKeys,
    isReplayed: false,
    at: parts.now(),
  });
  await parts.store.noteChecks(entry.id, checked.checks);
  const problem = firstProblem(checked);
  if (problem) throw problem;
  return checked;
}
