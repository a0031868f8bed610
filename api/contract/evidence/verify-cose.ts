import { encodeBase64 } from '../encoding.ts';
import type { VisitRecord } from '../visit-record.ts';
import { isSameBytes } from './canonical-text.ts';
import { checkCheckpoint, checkWitnesses } from './check-checkpoint.ts';
import { verifyPinnedRecord } from './check-record.ts';
import { checkTimestamp } from './check-timestamp.ts';
import { failed, passed } from './check.ts';
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { commitRecord } from './commitment.ts';
import { encodeSigStructure, parseCoseReceipt, type CoseReceipt } from './cose-receipt.ts';
import { verifyEd25519 } from './ed25519.ts';
import { EvidenceError } from './errors.ts';
import { rootFromPath } from './merkle-verify.ts';
import { hashLeaf } from './tree-hash.ts';
import type { ReceiptTrust } from './trust.ts';
import { parseVerifierKey } from './verifier-key.ts';
import { concludeReceipt, type ReceiptCheck, type ReceiptVerdict } from './verify-receipt.ts';

/**
 * Verifies a receipt in its COSE form (RFC 9942) with pinned keys and no network, by the same questions as its JSON form.
 * What does not hold is a failed check, not an exception.
 */
export async function verifyCoseReceipt(bytes: Uint8Array, trust: ReceiptTrust): Promise<ReceiptVerdict> {
  let receipt: CoseReceipt;
  try {
    receipt = parseCoseReceipt(bytes);
  } catch (error) {
    return concludeReceipt([failed('receipt_format', error)]);
  }
  const { record, salt, index, size, hashes, origin } = receipt;
  let visit: VisitRecord | undefined;
  const checks: ReceiptCheck[] = [passed('receipt_format', { encoding: 'COSE' })];
  try {
    const verified = await verifyPinnedRecord(record, trust);
    visit = verified.visit;
    checks.push(passed('record_signature', { kid: verified.kid, exchange: visit.iss }));
  } catch (error) {
    checks.push(failed('record_signature', error));
  }
  checks.push(passed('proof_format', { index, size, origin }));
  const root = rootFromPath({ index, size, leafHash: hashLeaf(commitRecord(record, salt)), proof: hashes });
  const signed = readCheckpoint(receipt, root);
  if (!root || signed === 'another') {
    const error = new EvidenceError('proof_mismatch', 'the path does not lead to the checkpoint');
    return concludeReceipt([...checks, failed('inclusion', error, { index, size })], visit);
  }
  checks.push(passed('inclusion', { index, size }), await checkSignature(receipt, root, trust));
  if (signed) {
    const note = await checkCheckpoint(signed, trust);
    if (!note.ok) checks.splice(-1, 1, note);
  }
  const witnessed = signed ?? withoutNote(receipt, root);
  const token = receipt.timestamp && encodeBase64(receipt.timestamp);
  checks.push(await checkWitnesses(witnessed, trust), await checkTimestamp(witnessed, token, trust));
  return concludeReceipt(checks, visit);
}

/** The checkpoint that came along, only if it is of the very tree that the path leads to. */
function readCheckpoint(
  { checkpoint, origin, size }: CoseReceipt,
  root: Uint8Array | undefined,
): SignedCheckpoint | 'another' | undefined {
  if (checkpoint === undefined) return undefined;
  try {
    const signed = parseSignedCheckpoint(checkpoint);
    const found = signed.checkpoint;
    const isSame = found.origin === origin && found.size === size && root && isSameBytes(found.root, root);
    return isSame ? signed : 'another';
  } catch (error) {
    if (error instanceof EvidenceError) return 'another';
    throw error;
  }
}

/** Nobody's note: no witness signed it. */
const withoutNote = ({ origin, size }: CoseReceipt, root: Uint8Array): SignedCheckpoint => ({
  checkpoint: { origin, size, root, extensions: [] },
  note: { text: '', signatures: [] },
});

async function checkSignature(
  { origin, protectedHeader, signature }: CoseReceipt,
  root: Uint8Array,
  { logKeys }: ReceiptTrust,
): Promise<ReceiptCheck> {
  const keys = logKeys.map(parseVerifierKey).filter(({ name }) => name === origin);
  const message = encodeSigStructure(protectedHeader, root);
  for (const { publicKey } of keys) {
    if (await verifyEd25519(publicKey, signature, message)) return passed('checkpoint_signature', { origin });
  }
  const code = keys.length > 0 ? 'note_bad_signature' : 'note_unknown_key';
  return failed('checkpoint_signature', new EvidenceError(code, 'no pinned key signed the root'), { origin });
}
