import { parseCertificate } from '../certificate.ts';
import { digest, parseBase64 } from '../encoding.ts';
import { failed, notRequired, passed, type Check } from './check.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { EvidenceError } from './errors.ts';
import type { ReceiptTrust } from './trust.ts';
import { verifyTimestamp } from './verify-timestamp.ts';

/** What a token over a checkpoint is made of: the SHA-256 of its note text, which further signatures do not change. */
export const checkpointDigest = (noteText: string): Uint8Array<ArrayBuffer> => digest(noteText);

/** Whether a pinned authority stamped the checkpoint; `token` is base64 DER. */
export async function checkTimestamp(
  { note }: SignedCheckpoint,
  token: string | undefined,
  { timestampAnchors = [] }: ReceiptTrust,
): Promise<Check<'timestamp'>> {
  if (timestampAnchors.length === 0) return notRequired('timestamp', {});
  try {
    if (token === undefined) throw new EvidenceError('timestamp_unavailable', 'no time-stamp came along');
    const anchors = timestampAnchors.map((anchor) => parseCertificate(parseBase64(anchor)));
    const expected = { digest: checkpointDigest(note.text), anchors };
    const { time } = await verifyTimestamp(parseBase64(token), expected);
    return passed('timestamp', { time: time.toISOString() });
  } catch (error) {
    return failed('timestamp', error);
  }
}
