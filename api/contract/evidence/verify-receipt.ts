import { parseBase64Url } from '../encoding.ts';
import { JoseError, readHeader } from '../jose.ts';
import { verifyVisitRecord, type VisitRecord } from '../visit-record.ts';
import { verifyCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { commitRecord } from './commitment.ts';
import { EvidenceError, type EvidenceErrorCode } from './errors.ts';
import { verifyInclusion } from './merkle-verify.ts';
import { parseReceipt, type Receipt } from './receipt.ts';
import type { ReceiptTrust } from './trust.ts';
import { parseTlogProof, type TlogProof } from './tlog-proof.ts';
import { hashLeaf } from './tree-hash.ts';
import { parseVerifierKey } from './verifier-key.ts';
import { createWitnessPolicy, findCosignatures } from './witness-policy.ts';

/** The questions asked of a receipt, in the order a reader wants them answered. */
export const RECEIPT_CHECKS = [
  'receipt_format',
  'record_signature',
  'proof_format',
  'inclusion',
  'checkpoint_signature',
  'witnesses',
] as const;
export type ReceiptCheckCode = (typeof RECEIPT_CHECKS)[number];

/** `not_checked`: an earlier failure left nothing to look at. `not_required`: the trust asks for none. */
export type CheckOutcome = 'passed' | 'failed' | 'not_checked' | 'not_required';

/** One answered question. `facts` are for the sentence beside it: key names, sizes, times; never personal data. */
export interface ReceiptCheck {
  readonly code: ReceiptCheckCode;
  readonly outcome: CheckOutcome;
  readonly ok: boolean;
  readonly reason?: EvidenceErrorCode;
  readonly facts: Readonly<Record<string, string | number>>;
}

export interface ReceiptVerdict {
  /** Every check of `RECEIPT_CHECKS`, in order. */
  readonly checks: readonly ReceiptCheck[];
  /** True only if every check is ok. */
  readonly ok: boolean;
  /** What the record says, present only when the exchange's signature verified. */
  readonly visit?: VisitRecord;
}

/** Verifies the text of a receipt file. */
export async function verifyReceiptText(text: string, trust: ReceiptTrust): Promise<ReceiptVerdict> {
  let receipt: Receipt;
  try {
    receipt = parseReceipt(text);
  } catch (error) {
    return conclude([failed('receipt_format', error)]);
  }
  return verifyReceipt(receipt, trust);
}

/** Verifies a receipt with pinned keys and no network. What does not hold is a failed check, not an exception. */
export async function verifyReceipt(receipt: Receipt, trust: ReceiptTrust): Promise<ReceiptVerdict> {
  const checks = [passed('receipt_format', { version: receipt.version })];
  const record = await checkRecord(receipt, trust);
  checks.push(record.check);

  let proof: TlogProof;
  try {
    proof = parseTlogProof(receipt.proof);
  } catch (error) {
    return conclude([...checks, failed('proof_format', error)], record.visit);
  }
  const { signedCheckpoint } = proof;
  const { origin, size } = signedCheckpoint.checkpoint;
  checks.push(
    passed('proof_format', { index: proof.index, size, origin }),
    checkInclusion(receipt, proof),
    await checkCheckpoint(signedCheckpoint, trust),
    await checkWitnesses(signedCheckpoint, trust),
  );
  return conclude(checks, record.visit);
}

async function checkRecord(
  { record }: Receipt,
  { exchangeKeys }: ReceiptTrust,
): Promise<{ readonly check: ReceiptCheck; readonly visit?: VisitRecord }> {
  try {
    const kid = readHeader(record).kid ?? '';
    const key = Object.hasOwn(exchangeKeys, kid) ? exchangeKeys[kid] : undefined;
    const visit = await verifyVisitRecord(record, () => Promise.resolve(key));
    return { check: passed('record_signature', { kid, exchange: visit.iss }), visit };
  } catch (error) {
    if (!(error instanceof JoseError)) throw error;
    const reason = error.code === 'jws_unknown_key' ? 'record_unknown_key' : 'record_bad_signature';
    return { check: failed('record_signature', new EvidenceError(reason, error.message)) };
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

async function checkCheckpoint(signed: SignedCheckpoint, { logKeys }: ReceiptTrust): Promise<ReceiptCheck> {
  const { origin } = signed.checkpoint;
  let failure = new EvidenceError('note_unknown_key', 'no pinned key of this log');
  for (const key of logKeys.map(parseVerifierKey).filter(({ name }) => name === origin)) {
    try {
      await verifyCheckpoint(signed, key);
      return passed('checkpoint_signature', { origin });
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      failure = error;
    }
  }
  return failed('checkpoint_signature', failure, { origin });
}

async function checkWitnesses(signed: SignedCheckpoint, trust: ReceiptTrust): Promise<ReceiptCheck> {
  const { witnessKeys = [], policy } = trust;
  const { threshold, witnesses } = createWitnessPolicy(policy?.threshold ?? 0, witnessKeys);
  const cosignatures = await findCosignatures(signed.note, { threshold, witnesses });
  const times = cosignatures.map(({ time }) => time);
  const facts = {
    threshold,
    cosigned: cosignatures.length,
    names: cosignatures.map(({ witness }) => witness).join(' '),
    ...(times.length > 0 ? { time: Math.min(...times) } : {}),
  };
  if (cosignatures.length < threshold) {
    return failed('witnesses', new EvidenceError('witnesses_missing', 'too few witnesses cosigned'), facts);
  }
  return threshold === 0 ? { code: 'witnesses', outcome: 'not_required', ok: true, facts } : passed('witnesses', facts);
}

const passed = (code: ReceiptCheckCode, facts: ReceiptCheck['facts']): ReceiptCheck => ({
  code,
  outcome: 'passed',
  ok: true,
  facts,
});

function failed(code: ReceiptCheckCode, error: unknown, facts: ReceiptCheck['facts'] = {}): ReceiptCheck {
  if (!(error instanceof EvidenceError)) throw error;
  return { code, outcome: 'failed', ok: false, reason: error.code, facts };
}

function conclude(checks: readonly ReceiptCheck[], visit?: VisitRecord): ReceiptVerdict {
  const all = RECEIPT_CHECKS.map(
    (code): ReceiptCheck =>
      checks.find((check) => check.code === code) ?? { code, outcome: 'not_checked', ok: false, facts: {} },
  );
  return { checks: all, ok: all.every(({ ok }) => ok), ...(visit ? { visit } : {}) };
}
