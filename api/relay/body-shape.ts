import { SIZE_BUCKETS, type Envelope } from '../contract/envelope.ts';
import { COMPACT_LIMIT_BYTES } from '../contract/large-body.ts';
import { Problem } from '../contract/problem.ts';

const HEADER_LIMIT = 1024;
const IV_LENGTH = 16;
const TAG_LENGTH = 22;

/** Length of the largest body that travels in one piece, a compact JWE: 256 KiB in base64url, and what stands around it. */
export const BODY_LIMIT_BYTES = Math.ceil((COMPACT_LIMIT_BYTES * 4) / 3) + HEADER_LIMIT + IV_LENGTH + TAG_LENGTH + 4;

/** An upload that is not whole after this long is forgotten; its sender begins anew. */
export const LONGEST_UPLOAD_MS = 24 * 3_600_000;

/**
 * Requires what a relay can see of a compact JWE (RFC 7516 §7.1): direct agreement, so no wrapped key, and a ciphertext
 * exactly as long as the announced bucket, so that nobody's length tells more than the bucket does.
 *
 * @throws {Problem} `envelope_too_large`, `envelope_malformed`
 */
export function requireBodyShape(body: string, { sizeBucket }: Pick<Envelope, 'sizeBucket'>): void {
  if (body.length > BODY_LIMIT_BYTES) throw new Problem('envelope_too_large', 'more than 256 KiB are uploaded');
  if (!SIZE_BUCKETS.includes(sizeBucket)) throw new Problem('envelope_malformed', 'sizeBucket');
  const [header = '', wrappedKey, iv = '', ciphertext = '', tag = '', ...more] = body.split('.');
  const isJwe =
    more.length === 0 &&
    wrappedKey === '' &&
    header.length <= HEADER_LIMIT &&
    iv.length === IV_LENGTH &&
    tag.length === TAG_LENGTH &&
    [header, iv, ciphertext, tag].every((part) => /^[A-Za-z0-9_-]+$/.test(part));
  if (!isJwe) throw new Problem('envelope_malformed', 'the body is not a compact JWE');
  if (ciphertext.length !== Math.ceil((sizeBucket * 4) / 3)) {
    throw new Problem('envelope_malformed', 'the body does not have the size of its bucket');
  }
}
