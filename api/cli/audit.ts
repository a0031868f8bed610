import { verifyCheckpoint, type SignedCheckpoint } from '../contract/evidence/checkpoint.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { createLogClient } from '../contract/evidence/log-client.ts';
import { parseReceipt } from '../contract/evidence/receipt.ts';
import { parseTlogProof } from '../contract/evidence/tlog-proof.ts';
import type { ReceiptTrust } from '../contract/evidence/trust.ts';
import { parseVerifierKey } from '../contract/evidence/verifier-key.ts';

/** The two states of a log that an audit compared. */
export interface AuditResult {
  readonly old: number;
  readonly now: number;
}

/**
 * Whether the log at a URL still extends the state that a receipt was issued under. Needs the network, unlike
 * verifying; catches what a receipt alone cannot: a log that was rewritten since.
 *
 * @throws {EvidenceError} `log_contradicts`, `log_unreachable`, `note_*`, `receipt_malformed`
 */
export async function auditLog(
  receiptText: string,
  url: string,
  trust: ReceiptTrust,
  fetcher: typeof fetch,
): Promise<AuditResult> {
  const { signedCheckpoint } = parseTlogProof(parseReceipt(receiptText).proof);
  const { key, old } = await requireSigned(signedCheckpoint, trust);
  const client = createLogClient({ prefix: url.replace(/\/+$/, ''), key, fetch: fetcher });
  const now = (await client.fetchCheckpoint()).checkpoint;
  if (!(await client.isExtension(old, now))) {
    throw new EvidenceError('log_contradicts', `${old.size} leaves are not a prefix of ${now.size}`);
  }
  return { old: old.size, now: now.size };
}

/** The receipt's checkpoint, only if a pinned key signed it: otherwise nothing could be held against the log. */
async function requireSigned(signed: SignedCheckpoint, { logKeys }: ReceiptTrust) {
  const key = logKeys.map(parseVerifierKey).find(({ name }) => name === signed.checkpoint.origin);
  if (!key) throw new EvidenceError('note_unknown_key', 'no pinned key of this log');
  await verifyCheckpoint(signed, key);
  return { key, old: signed.checkpoint };
}
