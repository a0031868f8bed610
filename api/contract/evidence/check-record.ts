import { JoseError, readHeader } from '../jose.ts';
import { verifyVisitRecord, type VisitRecord } from '../visit-record.ts';
import { EvidenceError } from './errors.ts';
import type { ReceiptTrust } from './trust.ts';

/**
 * Verifies a visit record by the pinned key that its `kid` names.
 *
 * @throws {EvidenceError} `record_unknown_key`, `record_bad_signature`
 */
export async function verifyPinnedRecord(
  record: string,
  { exchangeKeys }: ReceiptTrust,
): Promise<{ readonly kid: string; readonly visit: VisitRecord }> {
  try {
    const kid = readHeader(record).kid ?? '';
    const key = Object.hasOwn(exchangeKeys, kid) ? exchangeKeys[kid] : undefined;
    return { kid, visit: await verifyVisitRecord(record, () => Promise.resolve(key)) };
  } catch (error) {
    if (!(error instanceof JoseError)) throw error;
    const reason = error.code === 'jws_unknown_key' ? 'record_unknown_key' : 'record_bad_signature';
    throw new EvidenceError(reason, error.message, { cause: error });
  }
}
