import { parseBase64Url } from '../encoding.ts';
import type { VisitRecord } from '../visit-record.ts';
import { checkCheckpoint, checkWitnesses } from './check-checkpoint.ts';
import { verifyPinnedRecord } from './check-record.ts';
import { checkTimestamp } from './check-timestamp.ts';
import { completeChecks, failed, passed, type Check } from './check.ts';
import { commitRecord } from './commitment.ts';
import { isCompactReceipt, parseCompactReceipt } from './compact-receipt.ts';
import { EvidenceError } from './errors.ts';
import { verifyInclusion } from './merkle-verify.ts';
import { parseReceipt, type Receipt } from './receipt.ts';
import { parseTlogProof, type TlogProof } from './tlog-proof.ts';
import { hashLeaf } from './tree-hash.ts';
import type { ReceiptTrust } from './trust.ts';

export type { CheckOutcome } from './check.ts';
export type { ReceiptTrust } from './trust.ts';

/** The questions asked of a receipt, in the order a reader wants them answered. */
export const RECEIPT_CHECKS = [
  'receipt_format',
  'record_signature',
  'proof_format',
  'inclusion',
  'checkpoint_signature',
  'witnesses',
  'timestamp',
] as const;
export type ReceiptCheckCode = (typeof RECEIPT_CHECKS)[number];
export type ReceiptCheck = Check<ReceiptCheckCode>;

export interface ReceiptVerdict {
  /** Every check of `RECEIPT_CHECKS`, in order. */
  readonly checks: readonly ReceiptCheck[];
  /** True only if every check is ok. */
  readonly ok: boolean;
  /** What the record says, present only when the exchange's signature verified. */
  readonly visit?: VisitRecord;
}

/** Verifies the text of a receipt file, or of a receipt's QR code. */
export async function verifyReceiptText(text: string, trust: ReceiptTrust): Promise<ReceiptVerdict> {
  let receipt: Receipt;
  try {
    receipt = isCompactReceipt(text) ? await parseCompactReceipt(text.trim()) : parseReceipt(text);
  } catch (error) {
    return concludeReceipt([failed('receipt_format', error)]);
  }
  return verifyReceipt(receipt, trust);
}

/** Verifies a receipt with pinned keys and no network. What does not hold is a failed check, not an exception. */
export async function verifyReceipt(receipt: Receipt, trust: ReceiptTrust): Promise<ReceiptVerdict> {
  const { check, visit } = await checkRecord(receipt, trust);
  const checks: ReceiptCheck[] = [passed('receipt_format', { version: receipt.version }), check];
  let proof: TlogProof;
  try {
    proof = parseTlogProof(receipt.proof);
  } catch (error) {
    return concludeReceipt([...checks, failed('proof_format', error)], visit);
  }
  const { signedCheckpoint } = proof;
  const { origin, size } = signedCheckpoint.checkpoint;
  checks.push(
    passed('proof_format', { index: proof.index, size, origin }),
    checkInclusion(receipt, proof),
    await checkCheckpoint(signedCheckpoint, trust),
    await checkWitnesses(signedCheckpoint, trust),
    await checkTimestamp(signedCheckpoint, receipt.timestamp, trust),
  );
  return concludeReceipt(checks, visit);
}

async function checkRecord(
  { record }: Receipt,
  trust: ReceiptTrust,
): Promise<{ readonly check: ReceiptCheck; readonly visit?: VisitRecord }> {
  try {
    const { kid, visit } = await verifyPinnedRecord(record, trust);
    return { check: passed('record_signature', { kid, exchange: visit.iss }), visit };
  } catch (error) {
    return { check: failed('record_signature', error) };
  }
}

function checkInclusion(receipt: Receipt, { index, hashes, signedCheckpoint }: TlogProof): ReceiptCheck {
  const { size, root } = signedCheckpoint.checkpoint;
  const leafHash = hashLeaf(commitRecord(receipt.record, parseBase64Url(receipt.salt)));
  const isIncluded = verifyInclusion({ index, size, leafHash, root, proof: hashes });
  const facts = { index, size };
  return isIncluded
    ? passed('inclusion', facts)
    : failed('inclusion', new EvidenceError('proof_mismatch', 'the path does not lead to the root'), facts);
}

/** Every question in order, and whether all were answered well. */
export function concludeReceipt(checks: readonly ReceiptCheck[], visit?: VisitRecord): ReceiptVerdict {
  const all = completeChecks(RECEIPT_CHECKS, checks);
  return { checks: all, ok: all.every(({ ok }) => ok), ...(visit ? { visit } : {}) };
}
