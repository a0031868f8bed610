import type { VisitOutcome } from '../contract/exchange-api.ts';
import type { InstitutionId } from '../contract/ids.ts';
import { JoseError } from '../contract/jose.ts';
import type { KeyFinder } from '../contract/keys-by-thumbprint.ts';
import { presenceHash } from '../contract/presence-proof.ts';
import { Problem, type ProblemCode } from '../contract/problem.ts';
import { verifyVisitRecord } from '../contract/visit-record.ts';
import type { KeptVisit, RecordedVisit } from '../storage/gateway-visits.ts';

/**
 * Believes an exchange's answer only when its pinned key signed a record of this very tap.
 *
 * @throws {Problem} `exchange_unreachable`: whoever gave another answer is not our exchange in order, and is asked again
 */
export async function readOutcome(
  outcome: VisitOutcome,
  visit: KeptVisit,
  expected: { readonly institution: InstitutionId; readonly findExchangeKey: KeyFinder },
): Promise<RecordedVisit> {
  const { record, person, coverage, receipt } = outcome;
  try {
    const claims = await verifyVisitRecord(record, expected.findExchangeKey);
    const isOurs =
      claims.id === visit.visitId &&
      claims.institution === expected.institution &&
      claims.presenceHash === presenceHash(visit.submission.presence);
    if (!isOurs) throw new Problem('exchange_unreachable', 'the exchange answered with a record of something else');
    const acceptedAt = new Date(claims.acceptedAt);
    return { record, person, coverage, receipt: receipt?.record === record ? receipt : null, acceptedAt };
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('exchange_unreachable', `the record is not our exchange's: ${cause.code}`, { cause });
  }
}

/**
 * Whether a refusal speaks about the tap itself. Everything else, from a network that is down to a revocation list that
 * could not be had or a clock that is wrong, may be different later: the visit waits.
 */
export function isFinal(code: ProblemCode): boolean {
  if (code === 'certificate_status_unknown') return false;
  return code === 'conflict' || /^(presence|certificate|card|terminal)_/.test(code);
}
