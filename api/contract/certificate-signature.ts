import type { SignedObject } from './certificate.ts';
import type { Bytes } from './der.ts';
import { flattenEcSignature } from './ecdsa-signature.ts';
import { encodeHex } from './hex.ts';
import type { PublicKeyInfo } from './public-key-info.ts';

/** Signature algorithms that are still trusted, by the DER of their AlgorithmIdentifier (RFC 4055 §5, RFC 5758 §3.2). */
const HASH_OF_ALGORITHM = new Map<string, { readonly kind: 'rsa' | 'ec'; readonly hash: string }>([
  ['300d06092a864886f70d01010b0500', { kind: 'rsa', hash: 'SHA-256' }],
  ['300d06092a864886f70d01010c0500', { kind: 'rsa', hash: 'SHA-384' }],
  ['300d06092a864886f70d01010d0500', { kind: 'rsa', hash: 'SHA-512' }],
  ['300a06082a8648ce3d040302', { kind: 'ec', hash: 'SHA-256' }],
  ['300a06082a8648ce3d040303', { kind: 'ec', hash: 'SHA-384' }],
]);

const MINIMUM_RSA_SIZE_BITS = 2048;

/** Whether this key made that signature. Weak keys, weak hashes and keys that do not import made none. */
export async function isSignedBy(object: SignedObject, key: PublicKeyInfo): Promise<boolean> {
  const algorithm = HASH_OF_ALGORITHM.get(encodeHex(object.signatureAlgorithm));
  if (!algorithm || algorithm.kind !== key.kind) return false;
  if (key.kind === 'rsa' && key.sizeBits < MINIMUM_RSA_SIZE_BITS) return false;
  try {
    return key.kind === 'rsa'
      ? await verifyRsa(object, key.spki, algorithm.hash)
      : await verifyEc(object, key.spki, key.curve, algorithm.hash);
  } catch (cause) {
    // WebCrypto rejects a key it cannot use with a DOMException; our own reader a signature that is no DER.
    if (cause instanceof Error) return false;
    throw cause;
  }
}

async function verifyRsa(object: SignedObject, spki: Bytes, hash: string): Promise<boolean> {
  const scheme = { name: 'RSASSA-PKCS1-v1_5', hash };
  const key = await crypto.subtle.importKey('spki', spki, scheme, false, ['verify']);
  return crypto.subtle.verify(scheme, key, object.signature, object.toBeSigned);
}

async function verifyEc(object: SignedObject, spki: Bytes, curve: 'P-256' | 'P-384', hash: string): Promise<boolean> {
  const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: curve }, false, ['verify']);
  const signature = flattenEcSignature(object.signature, curve === 'P-256' ? 32 : 48);
  return crypto.subtle.verify({ name: 'ECDSA', hash }, key, signature, object.toBeSigned);
}
