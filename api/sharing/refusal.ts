import type { Answerer } from '../contract/access-event.ts';
import { Problem } from '../contract/problem.ts';
import { signRefusal, type Refusal } from '../contract/release.ts';
import type { QueuedAccessEvent } from '../storage/access-outbox.ts';
import type { OutgoingEnvelope } from '../storage/post-office.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import { describeAccess } from './access-entry.ts';
import { ANSWER_LIFETIME_MS, type SharingParts } from './parts.ts';
import { provenSubject } from './request-basis.ts';
import { readRequest } from './request-statement.ts';

/** Signs and seals a refusal; storing it is the caller's. @throws {Problem} `recipient_unknown`, `directory_stale` */
export async function prepareRefusal(
  { institution, key, post, now }: SharingParts,
  { id, hash, from }: Pick<InboxEntry, 'id' | 'hash' | 'from'>,
  reason: Refusal['reason'],
  note?: string,
): Promise<OutgoingEnvelope> {
  const at = now();
  const refusal: Refusal = {
    ...{ version: 1, requestId: id, requestHash: hash, from: institution, to: from, reason },
    refusedAt: at.toISOString(),
    ...(note === undefined ? {} : { note }),
  };
  const jws = await signRefusal(refusal, key);
  const expires = new Date(at.getTime() + ANSWER_LIFETIME_MS);
  return post.prepare({ to: from, kind: 'refusal', conversation: id, jws, expires });
}

/** The refusal in the person's access log; none where it is not proven whose records were asked for, or by whom. */
export async function describeRefusal(
  parts: SharingParts,
  entry: Pick<InboxEntry, 'request' | 'checks' | 'doctor'>,
  refusal: Refusal['reason'],
  by: Answerer | null,
): Promise<readonly QueuedAccessEvent[]> {
  const subject = provenSubject(entry);
  const { doctor } = entry;
  if (subject === null || !doctor) return [];
  return [await describeAccess(parts, readRequest(entry.request), { action: 'refused', subject, doctor, by, refusal })];
}

/**
 * Refuses a request because a person decided so. Again: what stands.
 *
 * @throws {Problem} `not_found`, `request_already_answered`
 */
export async function refuseRequest(parts: SharingParts, id: string, note?: string): Promise<InboxEntry> {
  const { store, post } = parts;
  const entry = await store.readInbox(id);
  if (!entry) throw new Problem('not_found', 'no such request');
  if (entry.state === 'refused') {
    post.wake();
    return entry;
  }
  return refuseEntry(parts, entry, { reason: 'refused_by_person', by: 'person', note });
}

/** Refuses an open request. @throws {Problem} `request_already_answered` */
export async function refuseEntry(
  parts: SharingParts,
  entry: InboxEntry,
  why: { readonly reason: Refusal['reason']; readonly by: Answerer; readonly note?: string | undefined },
): Promise<InboxEntry> {
  const { reason, by, note } = why;
  const outgoing = await prepareRefusal(parts, entry, reason, note);
  const events = await describeRefusal(parts, entry, reason, by);
  const answered = await parts.store.answerRequest(entry.id, {
    ...{ state: 'refused', at: parts.now(), by, outgoing, events },
  });
  parts.post.wake();
  parts.wakeReporting();
  return answered;
}
