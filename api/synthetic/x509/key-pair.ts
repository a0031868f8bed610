import { type KeyObject, createPrivateKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { RsaPrivateJwk, RsaPublicJwk } from 'webusb-ccid/simulated';
import * as z from 'zod';

const generate = promisify(generateKeyPair);

/** A fresh key pair of a certificate, whichever kind. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const part = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** The private members of an RSA key as JSON, and nothing else. */
export const RsaPrivateKey = z
  .object({ kty: z.literal('RSA'), n: part, e: part, d: part, p: part, q: part, dp: part, dq: part, qi: part })
  .readonly();

/** The public members of an RSA key as JSON. */
export const RsaPublicKey = z.object({ kty: z.literal('RSA'), n: part, e: part }).readonly();

/** RSA-2048, as every card here carries it. Runs in the thread pool: ask for all keys at once. */
export function generateRsaKeyPair(): Promise<KeyPair> {
  return generate('rsa', { modulusLength: 2048 });
}

/** Several at once. */
export function generateRsaKeyPairs(count: number): Promise<readonly KeyPair[]> {
  return Promise.all(Array.from({ length: count }, generateRsaKeyPair));
}

export function generateEcKeyPair(): Promise<KeyPair> {
  return generate('ec', { namedCurve: 'P-256' });
}

export function exportRsaPrivateKey(key: KeyObject): RsaPrivateJwk {
  return RsaPrivateKey.parse(key.export({ format: 'jwk' }));
}

export function exportRsaPublicKey(key: KeyObject): RsaPublicJwk {
  return RsaPublicKey.parse(key.export({ format: 'jwk' }));
}

export function importRsaPrivateKey(key: RsaPrivateJwk): KeyObject {
  return createPrivateKey({ key: { ...key }, format: 'jwk' });
}
