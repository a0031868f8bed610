import type { InstitutionId, Subject } from '../contract/ids.ts';
import { JoseError, readClaims } from '../contract/jose.ts';
import type { PartyKeys } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';
import { verifyVisitRecord, VisitRecord } from '../contract/visit-record.ts';

/**
 * Verifies the visit records that a request names, each with the keys of the exchange that signed it, and that all of them
 * happened at one institution.
 *
 * @throws {Problem} `visit_not_ours`
 */
export async function requireVisitsAt(
  institution: InstitutionId,
  records: readonly string[],
  exchangeKeys: PartyKeys,
): Promise<readonly VisitRecord[]> {
  const visits = await Promise.all(records.map((record) => verifyRecord(record, exchangeKeys)));
  if (visits.some((visit) => visit.institution !== institution)) {
    throw new Problem('visit_not_ours', 'a visit at another institution');
  }
  return visits;
}

async function verifyRecord(record: string, exchangeKeys: PartyKeys): Promise<VisitRecord> {
  try {
    return await verifyVisitRecord(record, exchangeKeys(readClaims(record, VisitRecord).iss));
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('visit_not_ours', `visit record: ${cause.code}`, { cause });
  }
}

/** @throws {Problem} `consent_wrong_person` when a visit is of someone else than the person who consented */
export function requireVisitsOf(subject: Subject, visits: readonly VisitRecord[]): void {
  if (visits.some((visit) => visit.subject !== subject)) {
    throw new Problem('consent_wrong_person', 'a visit of another person');
  }
}
