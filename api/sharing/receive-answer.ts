import type { Envelope } from '../contract/envelope.ts';
import type { InstitutionId } from '../contract/ids.ts';
import { JoseError } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';
import { signDelivery, verifyRefusal, verifyRelease, type Release } from '../contract/release.ts';
import { readVisitRecord, recordHash } from '../contract/visit-record.ts';
import type { OutgoingEnvelope } from '../storage/post-office.ts';
import type { SentRequestEntry } from '../storage/sharing.ts';
import { ANSWER_LIFETIME_MS, type SharingParts } from './parts.ts';
import { readRequest } from './request-statement.ts';

/**
 * Takes a release: signed by the institution that was asked, in answer to exactly our request, with nothing in it that was
 * not asked for. It is stored together with the delivery receipt that goes back.
 *
 * @throws {Problem} `release_signature_invalid`, `release_not_requested`, `request_already_answered`
 */
export async function receiveRelease(parts: SharingParts, envelope: Envelope, jws: string): Promise<void> {
  const findKey = parts.directory().institutionKeys(envelope.from);
  const release = await verified(verifyRelease(jws, findKey));
  const sent = await requireOurRequest(parts, envelope, release);
  requireRequested(release, sent);
  const at = parts.now();
  const receipt = await prepareDelivery(parts, release, jws, at);
  const answer = { kind: 'released', at, statement: jws } as const;
  await parts.store.receiveAnswer(sent.id, answer, { envelopeId: envelope.id, at }, receipt);
  parts.post.wake();
}

/** Takes a refusal. @throws {Problem} as `receiveRelease` */
export async function receiveRefusal(parts: SharingParts, envelope: Envelope, jws: string): Promise<void> {
  const findKey = parts.directory().institutionKeys(envelope.from);
  const refusal = await verified(verifyRefusal(jws, findKey));
  const sent = await requireOurRequest(parts, envelope, refusal);
  const at = parts.now();
  const answer = { kind: 'refused', at, statement: jws } as const;
  await parts.store.receiveAnswer(sent.id, answer, { envelopeId: envelope.id, at });
}

async function verified<T>(verifying: Promise<T>): Promise<T> {
  try {
    return await verifying;
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('release_signature_invalid', cause.code, { cause });
  }
}

interface Answer {
  readonly requestId: string;
  readonly requestHash: string;
  readonly from: InstitutionId;
  readonly to: InstitutionId;
}

async function requireOurRequest(
  { store, institution }: SharingParts,
  envelope: Envelope,
  { requestId, requestHash, from, to }: Answer,
): Promise<SentRequestEntry> {
  const sent = await store.readSent(requestId);
  const isAnswer =
    sent?.hash === requestHash && from === envelope.from && to === institution && readRequest(sent.request).to === from;
  if (!sent || !isAnswer) throw new Problem('release_not_requested', 'not an answer to a request of ours');
  return sent;
}

function requireRequested({ documents }: Release, { request }: SentRequestEntry): void {
  const { kinds, visits, consent } = readRequest(request);
  const visitIds = visits.map((record) => readVisitRecord(record).id);
  // Without consent no visit is named: all of the patient's are meant.
  const isNamed = (visitId: string) => !consent || visitIds.includes(visitId);
  const isRequested = documents.every(({ kind, visitId }) => kinds.includes(kind) && isNamed(visitId));
  if (!isRequested) throw new Problem('release_not_requested', 'a document that was not asked for');
}

async function prepareDelivery(
  { institution, key, post }: SharingParts,
  { id, requestId, from }: Release,
  jws: string,
  at: Date,
): Promise<OutgoingEnvelope> {
  const receipt = await signDelivery(
    {
      ...{ version: 1, releaseId: id, releaseHash: recordHash(jws), from: institution, to: from },
      receivedAt: at.toISOString(),
    },
    key,
  );
  const expires = new Date(at.getTime() + ANSWER_LIFETIME_MS);
  return post.prepare({ to: from, kind: 'delivery-receipt', conversation: requestId, jws: receipt, expires });
}
