import { concatBytes, parseHex } from '../iso7816/bytes.ts';

const SHA256_SIZE_BYTES = 32;
const SHA256_PREFIX = parseHex('30 31 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20');

/** SHA-256 of the bytes. */
export async function hashSha256(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
}

/** The DigestInfo of a SHA-256 digest: 51 bytes (RFC 8017 §9.2, note 1). */
export function encodeDigestInfo(digest: Uint8Array): Uint8Array<ArrayBuffer> {
  if (digest.length !== SHA256_SIZE_BYTES) throw new RangeError('a SHA-256 digest is 32 bytes');
  return concatBytes(SHA256_PREFIX, digest);
}
