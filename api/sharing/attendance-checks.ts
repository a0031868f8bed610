import type { InstitutionId } from '../contract/ids.ts';
import type { PartyKeys } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import { REQUEST_SKEW_SECONDS } from '../contract/signed-request.ts';
import type { VisitRecord } from '../contract/visit-record.ts';
import { requireVisitsAt } from './visit-checks.ts';

/** How long after the patient's card was laid down a doctor may break the glass. */
export const ATTENDANCE_HOURS = 12;

/**
 * That the patient is where the request comes from: a visit record of theirs there, signed by an exchange that is known
 * here, and no older than a shift. It is what keeps an emergency from being a way to read anybody's records from afar.
 *
 * @throws {Problem} `attendance_invalid`
 */
export async function requireAttendance(
  { attendance, issuedAt }: Pick<ShareRequest, 'attendance' | 'issuedAt'>,
  from: InstitutionId,
  exchangeKeys: PartyKeys,
): Promise<VisitRecord> {
  if (attendance === undefined) throw new Problem('attendance_invalid', 'no visit of the patient there');
  let visit: VisitRecord | undefined;
  try {
    [visit] = await requireVisitsAt(from, [attendance], exchangeKeys);
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.code !== 'visit_not_ours') throw cause;
    throw new Problem('attendance_invalid', cause.detail, { cause });
  }
  const age = Date.parse(issuedAt) - Date.parse(visit?.acceptedAt ?? '');
  const isNow = age >= -REQUEST_SKEW_SECONDS * 1000 && age <= ATTENDANCE_HOURS * 3_600_000;
  if (!visit || !isNow) throw new Problem('attendance_invalid', 'the visit was not now');
  return visit;
}

/** @throws {Problem} `request_malformed` */
export function requireReason({ task }: Pick<ShareRequest, 'task'>): void {
  if ((task.reasonCode?.text.trim() ?? '') === '')
    throw new Problem('request_malformed', 'an emergency needs a reason');
}
