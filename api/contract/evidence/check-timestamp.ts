import { parseCertificate, type Certificate } from '../certificate.ts';
import { digest, parseBase64 } from '../encoding.ts';
import { NAME_OID } from '../distinguished-name.ts';
import { failed, notRequired, passed, type Check } from './check.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { EvidenceError } from './errors.ts';
import type { ReceiptTrust } from './trust.ts';

/** What a token over a checkpoint is made of: the SHA-256 of its note text, which further signatures do not change. */
export const checkpointDigest = (noteText: string): Uint8Array<ArrayBuffer> => digest(noteText);

/**
 * Whether a pinned authority stamped the checkpoint; `token` is base64 DER. Without one the check fails only for who pinned
 * authorities by hand.
 */
export async function checkTimestamp(
  { checkpoint, note }: SignedCheckpoint,
  token: string | undefined,
  { timestampAnchors = [], logTimestampAnchors = {} }: ReceiptTrust,
): Promise<Check<'timestamp'>> {
  const { origin } = checkpoint;
  const ofLog = Object.hasOwn(logTimestampAnchors, origin) ? (logTimestampAnchors[origin] ?? []) : [];
  const pinned = [...timestampAnchors, ...ofLog];
  if (pinned.length === 0 || (token === undefined && timestampAnchors.length === 0))
    return notRequired('timestamp', {});
  try {
    if (token === undefined) throw new EvidenceError('timestamp_missing', 'no time-stamp came along');
    const anchors = pinned.map((anchor) => parseCertificate(parseBase64(anchor)));
    const expected = { digest: checkpointDigest(note.text), anchors };
    // The codec of CMS is large: only who holds a time-stamp loads it.
    const { verifyTimestamp } = await import('./verify-timestamp.ts');
    const { time, authority } = await verifyTimestamp(parseBase64(token), expected);
    return passed('timestamp', { time: time.toISOString(), authority: nameOf(authority) });
  } catch (error) {
    return failed('timestamp', error);
  }
}

/** What people call the authority: its common name, or the last of its names. */
function nameOf({ subject: { attributes } }: Certificate): string {
  return (attributes.find(({ oid }) => oid === NAME_OID.commonName) ?? attributes.at(-1))?.text ?? '';
}
