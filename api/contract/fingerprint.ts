import { thumbprint, type JWK } from './jose.ts';
import { parseBase64Url } from './encoding.ts';
import { encodeHex } from './hex.ts';

/** A public key as two people read it to each other: its RFC 7638 thumbprint (SHA-256) in sixteen groups of four hex digits. */
export async function fingerprintOf(key: JWK): Promise<string> {
  const hex = encodeHex(parseBase64Url(await thumbprint(key)));
  return hex.match(/.{4}/g)?.join(' ') ?? '';
}

/** Whether two texts are the same fingerprint, however they are grouped. */
export const isSameFingerprint = (left: string, right: string): boolean =>
  digits(left) === digits(right) && digits(left).length === 64;

const digits = (text: string): string => text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
