import { readConsentScope } from '../contract/consent.ts';
import type { InboxRequest } from '../contract/inbox-api.ts';
import type { SendLogEntry } from '../contract/send-log-api.ts';
import { JoseError } from '../contract/jose.ts';
import type { Subject } from '../contract/ids.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import { readVisitRecord } from '../contract/visit-record.ts';
import type { InboxEntry, SendLogRow } from '../storage/sharing.ts';
import type { SharingParts, SharingRecords, VisitHere } from './parts.ts';
import { basisOf, provenSubject } from './request-basis.ts';
import { readRequest } from './request-statement.ts';

/** A request that arrived, as the clerk sees it: who asks, what for, what was verified. */
export async function toInboxRequest(entry: InboxEntry, records: SharingRecords): Promise<InboxRequest> {
  const request = readRequest(entry.request);
  const subject = provenPerson(entry);
  const visits = await listVisits(request, subject, records);
  const counts = await records.countDocuments(visits.map(({ id }) => id));
  return {
    ...{ id: entry.id, from: entry.from, state: entry.state, doctor: entry.doctor, checks: entry.checks },
    ...{ basis: basisOf(request), decision: entry.decision, answeredBy: entry.answeredBy },
    alarm: entry.alarm && {
      acknowledgedAt: entry.alarm.acknowledgedAt?.toISOString() ?? null,
      acknowledgedBy: entry.alarm.acknowledgedBy,
    },
    receivedAt: entry.receivedAt.toISOString(),
    issuedAt: request.issuedAt,
    purpose: request.purpose,
    reason: request.task.reasonCode?.text ?? null,
    kinds: request.kinds,
    person: subject === null ? null : await records.findPerson(subject),
    visits: visits.map(({ id, presentedAt }) => ({
      visitId: id,
      presentedAt: presentedAt.toISOString(),
      documents: counts.get(id) ?? 0,
    })),
    consentExpires: expiryOf(request),
    answeredAt: entry.answeredAt?.toISOString() ?? null,
  };
}

/** A name is shown only beside visits that are proven to be this institution's own and the person's. */
function provenPerson(entry: InboxEntry): Subject | null {
  const request = readRequest(entry.request);
  const needed = basisOf(request) === 'consent' ? ['visit_ours', 'visit_person'] : ['visit_ours'];
  const isProven = needed.every((name) => entry.checks.some(({ check, ok }) => check === name && ok));
  return isProven ? provenSubject(entry) : null;
}

/** The visits that a request names; all there are where it asks without consent. */
async function listVisits(
  request: ShareRequest,
  subject: Subject | null,
  records: SharingRecords,
): Promise<readonly VisitHere[]> {
  if (basisOf(request) === 'emergency') return subject === null ? [] : records.visitsOf(subject);
  return request.visits.flatMap((record) => {
    const visit = readQuietly(() => readVisitRecord(record));
    return visit ? [{ id: visit.id, presentedAt: new Date(visit.presentedAt) }] : [];
  });
}

const expiryOf = ({ consent }: ShareRequest): string | null =>
  (consent && readQuietly(() => readConsentScope(consent))?.expires) ?? null;

/** One line of the send log, with how far its envelope is by now. */
export async function toSendLogEntry(
  { releaseHash: _hash, envelopeId, eventId, releasedAt, deliveredAt, ...row }: SendLogRow,
  { post, records, accessOutbox }: Pick<SharingParts, 'post' | 'records' | 'accessOutbox'>,
): Promise<SendLogEntry> {
  return {
    ...row,
    person: await records.findPerson(row.subject),
    isLogged: (await accessOutbox.find([eventId])).get(eventId)?.takenAt instanceof Date,
    releasedAt: releasedAt.toISOString(),
    envelopeState: (await post.findProgress(envelopeId))?.state ?? null,
    deliveredAt: deliveredAt?.toISOString() ?? null,
  };
}

/** What a request that failed its checks quotes may not even be readable. */
function readQuietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof JoseError)) throw error;
    return undefined;
  }
}
