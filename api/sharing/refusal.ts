import { Problem } from '../contract/problem.ts';
import { signRefusal, type Refusal } from '../contract/release.ts';
import type { OutgoingEnvelope } from '../storage/post-office.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import { ANSWER_LIFETIME_MS, type SharingParts } from './parts.ts';

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
  const outgoing = await prepareRefusal(parts, entry, 'refused_by_person', note);
  const answered = await store.answerRequest(id, { state: 'refused', at: parts.now(), outgoing });
  post.wake();
  return answered;
}
