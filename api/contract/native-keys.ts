import type { JWK } from 'jose';
import { encodeBase64, parseBase64, parseBase64Url } from './encoding.ts';
import { nodeCrypto, type NodeKey } from './node-runtime.ts';

/** Private keys as Node holds them, by the WebCrypto key that stands for them everywhere else. */
const privateKeys = new WeakMap<CryptoKey, NodeKey>();
const publicKeys = new WeakMap<JWK, NodeKey>();

/** RFC 7518 §3.3. */
const LEAST_MODULUS_BITS = 2048;

/** Lets Node's cryptography sign and decrypt with a key that WebCrypto was given from the same JWK. */
export function adoptPrivateKey(key: CryptoKey, { kty, crv, x, y, d }: JWK): void {
  if (nodeCrypto && isP256({ kty, crv })) {
    privateKeys.set(key, nodeCrypto.createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' }));
  }
}

/** `undefined` for keys that came another way, which only WebCrypto holds. */
export const nativePrivateKey = (key: CryptoKey): NodeKey | undefined => privateKeys.get(key);

/**
 * A public P-256 or RSA key, imported once for each key object: keys are never changed in place. Node refuses a point that is
 * not on the curve.
 *
 * @throws {TypeError} or what Node throws for one that is none
 */
export function nativePublicKey(jwk: JWK): NodeKey {
  const known = publicKeys.get(jwk) ?? importPublicKey(jwk);
  publicKeys.set(jwk, known);
  return known;
}

function importPublicKey({ kty, crv, x, y, n, e }: JWK): NodeKey {
  if (!nodeCrypto) throw new TypeError('no Node');
  // Node takes a JWK twice as long to import as PEM.
  if (isP256({ kty, crv })) return nodeCrypto.createPublicKey(encodePem(x, y));
  if (kty !== 'RSA') throw new TypeError('neither a P-256 nor an RSA key');
  const key = nodeCrypto.createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_MODULUS_BITS) throw new TypeError('an RSA key too short');
  return key;
}

/** SubjectPublicKeyInfo of an uncompressed point on P-256 (RFC 5480 §2), up to the point. */
const P256_PREFIX = parseBase64('MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE');
const COORDINATE_BYTES = 32;

function encodePem(x: string | undefined, y: string | undefined): string {
  const point = [parseBase64Url(x ?? ''), parseBase64Url(y ?? '')];
  if (point.some(({ length }) => length !== COORDINATE_BYTES)) throw new TypeError('not a point of P-256');
  const spki = new Uint8Array(P256_PREFIX.length + 2 * COORDINATE_BYTES);
  spki.set(P256_PREFIX);
  point.forEach((coordinate, at) => spki.set(coordinate, P256_PREFIX.length + at * COORDINATE_BYTES));
  return `-----BEGIN PUBLIC KEY-----\n${encodeBase64(spki)}\n-----END PUBLIC KEY-----`;
}

const isP256 = ({ kty, crv }: Pick<JWK, 'kty' | 'crv'>): boolean => kty === 'EC' && crv === 'P-256';
