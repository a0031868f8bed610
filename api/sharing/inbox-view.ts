import { readConsentScope } from '../contract/consent.ts';
import type { InboxRequest, SendLogEntry } from '../contract/gateway-api.ts';
import type { Person } from '../contract/person.ts';
import { JoseError } from '../contract/jose.ts';
import { readVisitRecord, type VisitRecord } from '../contract/visit-record.ts';
import type { InboxEntry, SendLogRow } from '../storage/sharing.ts';
import type { SharingParts, SharingRecords } from './parts.ts';
import { readRequest } from './request-statement.ts';

/** A request that arrived, as the clerk sees it: who asks, what for, what was verified. */
export async function toInboxRequest(entry: InboxEntry, records: SharingRecords): Promise<InboxRequest> {
  const request = readRequest(entry.request);
  const visits = request.visits.flatMap((record) => readQuietly(() => readVisitRecord(record)) ?? []);
  const counts = await records.countDocuments(visits.map(({ id }) => id));
  return {
    ...{ id: entry.id, from: entry.from, state: entry.state, doctor: entry.doctor, checks: entry.checks },
    receivedAt: entry.receivedAt.toISOString(),
    issuedAt: request.issuedAt,
    purpose: request.purpose,
    reason: request.task.reasonCode?.text ?? null,
    kinds: request.kinds,
    person: await findPerson(entry, visits, records),
    visits: visits.map(({ id, presentedAt }) => ({ visitId: id, presentedAt, documents: counts.get(id) ?? 0 })),
    consentExpires: readQuietly(() => readConsentScope(request.consent))?.expires ?? null,
    answeredAt: entry.answeredAt?.toISOString() ?? null,
  };
}

/** A name is shown only beside visits that are proven to be this institution's own and the consenting person's. */
async function findPerson(
  { checks }: InboxEntry,
  visits: readonly VisitRecord[],
  records: SharingRecords,
): Promise<Person | null> {
  const [first] = visits;
  const isProven = (['visit_ours', 'visit_person'] as const).every((name) =>
    checks.some(({ check, ok }) => check === name && ok),
  );
  return first && isProven ? records.findPerson(first.subject) : null;
}

/** One line of the send log, with how far its envelope is by now. */
export async function toSendLogEntry(
  { releaseHash: _hash, envelopeId, releasedAt, deliveredAt, ...row }: SendLogRow,
  { post, records }: Pick<SharingParts, 'post' | 'records'>,
): Promise<SendLogEntry> {
  return {
    ...row,
    person: await records.findPerson(row.subject),
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
