import type { KeyObject } from 'node:crypto';
import { PublicKey } from './peculiar.ts';

/** A key as certificates carry it: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
export function toPublicKey(key: KeyObject): PublicKey {
  return new PublicKey(Uint8Array.from(key.export({ format: 'der', type: 'spki' })));
}

/** A private key as WebCrypto signs with it: sha256WithRSAEncryption, or ECDSA over P-256. */
export function toSigningKey(key: KeyObject): Promise<CryptoKey> {
  const pkcs8 = Uint8Array.from(key.export({ format: 'der', type: 'pkcs8' }));
  const algorithm =
    key.asymmetricKeyType === 'ec'
      ? { name: 'ECDSA', namedCurve: 'P-256' }
      : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
}
