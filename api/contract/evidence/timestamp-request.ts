import { DerReader, encodeDer, readWhole, TAG, type Bytes } from '../der.ts';
import { encodeOid, readSmallInteger } from '../der-values.ts';
import { CertificateError } from '../certificate-error.ts';
import { EvidenceError } from './errors.ts';

const SHA256_OID = '2.16.840.1.101.3.4.2.1';

/** SHA-256 AlgorithmIdentifier with the NULL that deployed authorities expect (RFC 8017 §A.2.4). */
const SHA256 = encodeDer(TAG.sequence, encodeOid(SHA256_OID), encodeDer(TAG.null));

/** An RFC 3161 request over a SHA-256 digest, asking for the authority's certificate (RFC 3161 §2.4.1). */
export function encodeTimestampRequest(digest: Uint8Array, nonce: Uint8Array): Bytes {
  if (digest.length !== 32) throw new RangeError('a SHA-256 digest has 32 bytes');
  const imprint = encodeDer(TAG.sequence, SHA256, encodeDer(TAG.octetString, digest));
  const version = encodeDer(TAG.integer, Uint8Array.of(1));
  const certReq = encodeDer(TAG.boolean, Uint8Array.of(0xff));
  return encodeDer(TAG.sequence, version, imprint, encodeDer(TAG.integer, positiveInteger(nonce)), certReq);
}

/** The content octets of a positive INTEGER: minimal, and not mistaken for a negative one. */
export function positiveInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...digits) : digits;
}

/**
 * The token out of a time-stamp response (RFC 3161 §2.4.2).
 *
 * @throws {EvidenceError} `timestamp_malformed`; `timestamp_unavailable` when the authority did not grant it
 */
export function parseTimestampResponse(response: Uint8Array): Bytes {
  try {
    const content = new DerReader(readWhole(response, TAG.sequence).value);
    const status = readSmallInteger(content.enter(TAG.sequence).next(TAG.integer));
    if (status > 1) throw new EvidenceError('timestamp_unavailable', `refused with status ${status}`);
    const token = content.next(TAG.sequence).raw;
    content.end();
    return token;
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause;
    throw new EvidenceError('timestamp_malformed', 'not a time-stamp response', { cause });
  }
}
