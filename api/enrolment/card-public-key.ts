import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { RsaPublicJwk } from '../contract/binding.ts';
import { encodeBase64Url } from '../contract/encoding.ts';
import { Problem } from '../contract/problem.ts';
import { readTlvObjects } from './tlv-reader.ts';

const MODULUS_SIZE_BYTES = 256;

/** An RSA-2048 key as card records carry it: `90` exponent, `91` modulus. @throws {Problem} `enrolment_record_untrusted` */
export function readCardPublicKey(bytes: Uint8Array): RsaPublicJwk {
  const [exponent, modulus] = readTlvObjects(bytes, [0x90, 0x91]);
  const isUsable = modulus?.value.length === MODULUS_SIZE_BYTES && (modulus.value[0] ?? 0) >= 0x80;
  if (!exponent || !modulus || !isUsable) throw new Problem('enrolment_record_untrusted', 'not an RSA-2048 key');
  return { kty: 'RSA', n: encodeBase64Url(modulus.value), e: encodeBase64Url(exponent.value) };
}

/** Whether this key made the signature: RSASSA-PKCS1-v1_5 with SHA-256, as the cards and their issuers sign. */
export function isSignedWith(key: RsaPublicJwk | KeyObject, content: Uint8Array, signature: Uint8Array): boolean {
  return verify('sha256', content, 'kty' in key ? createPublicKey({ key: { ...key }, format: 'jwk' }) : key, signature);
}
