import { parseTlvs } from '../../iso7816/tlv.ts';
import { requireTlv } from './parse-record.ts';

/** An RSA public key as the card's records hold it: big-endian numbers. */
export interface CardPublicKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

const MODULUS_SIZE_BYTES = 256;

/** `90` exponent and `91` modulus of 2048 bits. @throws {RangeError} */
export function parseCardPublicKey(bytes: Uint8Array): CardPublicKey {
  const objects = parseTlvs(bytes);
  const modulus = requireTlv(objects, 0x91);
  const exponent = requireTlv(objects, 0x90);
  if (modulus.length !== MODULUS_SIZE_BYTES || modulus[0]! < 0x80)
    throw new RangeError('the modulus has not 2048 bits');
  if (exponent.length === 0 || exponent.length > 4 || objects.length !== 2)
    throw new RangeError('not an RSA public key');
  return { modulus, exponent };
}

/** The key in Web Crypto, to verify RSASSA-PKCS1-v1_5 signatures with SHA-256. */
export function importCardPublicKey(key: CardPublicKey): Promise<CryptoKey> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return crypto.subtle.importKey('jwk', toJwk(key), algorithm, true, ['verify']);
}

/** The key as a JSON Web Key (RFC 7518 §6.3.1). */
export function toJwk(key: CardPublicKey): { readonly kty: 'RSA'; readonly n: string; readonly e: string } {
  return { kty: 'RSA', n: encodeBase64Url(key.modulus), e: encodeBase64Url(key.exponent) };
}

function encodeBase64Url(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
