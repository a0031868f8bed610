import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64Url, encodeUtf8 } from './encoding.ts';
import type { Subject } from './ids.ts';

/**
 * The pseudonym of a person inside the federation: HMAC-SHA-256 (RFC 2104) of the payer's number for the person. Every
 * exchange of the federation holds the key, so that they speak of one person by one name that says nothing to others.
 *
 * @throws {RangeError} when the key has not 32 bytes
 */
export function createSubject(federationKey: Uint8Array, payerPersonId: string): Subject {
  if (federationKey.length !== 32) throw new RangeError('a federation key has 32 bytes');
  return encodeBase64Url(hmac(sha256, federationKey, encodeUtf8(`tsunagi-subject/v1 ${payerPersonId}`)));
}
