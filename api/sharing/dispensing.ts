import { signDispensing, verifyDispensing, type Dispensing } from '../contract/dispensing.ts';
import type { Envelope } from '../contract/envelope.ts';
import { createId } from '../contract/ids.ts';
import { JoseError, readClaims } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';
import { Release } from '../contract/release.ts';
import type { OurDispensing } from '../storage/dispensings.ts';
import { describeAccess } from './access-entry.ts';
import { ANSWER_LIFETIME_MS, type SharingParts } from './parts.ts';
import { provenSubject } from './request-basis.ts';
import { readRequest } from './request-statement.ts';
import { readVisitRecord } from '../contract/visit-record.ts';

/**
 * Says that a prescription that was released to us was filled here. Its issuer has the last word: until it confirms, the
 * prescription is only claimed. The same document again gives what stands.
 *
 * @throws {Problem} `not_found`, `prescription_used` when it was used before it came here
 */
export async function postDispensing(
  parts: SharingParts,
  requestId: string,
  documentId: string,
): Promise<OurDispensing> {
  const sent = await parts.store.readSent(requestId);
  if (sent?.answer?.kind !== 'released') throw new Problem('not_found', 'nothing was released for this request');
  const document = readClaims(sent.answer.statement, Release).documents.find(({ id }) => id === documentId);
  if (document?.kind !== 'prescription') throw new Problem('not_found', 'no such prescription');
  if (document.used) throw new Problem('prescription_used', 'it was used before it came here');

  const { institution, key, post, dispensings, now } = parts;
  const dispensedAt = now();
  const id = createId();
  const { to } = readRequest(sent.request);
  const dispensing: Dispensing = {
    ...{ version: 1, id, requestId, documentId, from: institution, to, dispensedAt: dispensedAt.toISOString() },
  };
  const jws = await signDispensing(dispensing, key);
  const expires = new Date(dispensedAt.getTime() + ANSWER_LIFETIME_MS);
  const outgoing = await post.prepare({ to, kind: 'dispensing', conversation: requestId, jws, expires });
  const stored = await dispensings.post({ id, requestId, documentId, dispensedAt }, outgoing);
  post.wake();
  return stored;
}

/**
 * Takes a dispensing answer: the prescription is ours, went to who answers, and is used up by this. A second use is refused,
 * and the refusal is what tells the other that they were late.
 *
 * @throws {Problem} `release_signature_invalid`, `release_not_requested`, `prescription_used`
 */
export async function receiveDispensing(parts: SharingParts, envelope: Envelope, jws: string): Promise<void> {
  const { id, requestId, documentId, from, to, dispensedAt } = await verified(parts, envelope, jws);
  const entry = await parts.store.readInbox(requestId);
  const isAnswer = entry?.state === 'released' && entry.from === envelope.from && from === envelope.from;
  if (!entry || !isAnswer || to !== parts.institution || !(await wasReleased(parts, requestId, documentId))) {
    throw new Problem('release_not_requested', 'no prescription of ours that went there');
  }
  const subject = provenSubject(entry);
  const what = { action: 'dispensed', doctor: entry.doctor, kinds: ['prescription'], documents: 1 } as const;
  const events =
    subject === null ? [] : [await describeAccess(parts, readRequest(entry.request), { ...what, subject })];
  const at = new Date(dispensedAt);
  const arrival = { envelopeId: envelope.id, at: parts.now() };
  await parts.dispensings.receive({ id, documentId, by: from, at, jws }, arrival, events);
  parts.wakeReporting();
}

async function verified(parts: SharingParts, envelope: Envelope, jws: string): Promise<Dispensing> {
  try {
    return await verifyDispensing(jws, parts.directory().institutionKeys(envelope.from));
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('release_signature_invalid', cause.code, { cause });
  }
}

async function wasReleased(parts: SharingParts, requestId: string, documentId: string): Promise<boolean> {
  const entry = await parts.store.readInbox(requestId);
  if (!entry) return false;
  const { visits } = readRequest(entry.request);
  const subject = provenSubject(entry);
  const own = subject === null ? [] : await parts.records.visitsOf(subject);
  const named = new Set(
    visits.length > 0 ? visits.map((record) => readVisitRecord(record).id) : own.map(({ id: visit }) => visit),
  );
  const prescriptions = await parts.records.readDocuments([...named], ['prescription']);
  return prescriptions.some((document) => document.id === documentId);
}
