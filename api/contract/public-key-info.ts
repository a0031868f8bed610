import { type Bytes, type DerElement, DerReader, TAG, malformed } from './der.ts';
import { readIntegerBytes, readOctetAlignedBits, readOid } from './der-values.ts';

/** A subject's key (RFC 5280 §4.1.2.7). `spki` is what WebCrypto imports; kinds that nothing here uses are `other`. */
export type PublicKeyInfo =
  | { readonly kind: 'rsa'; readonly spki: Bytes; readonly sizeBits: number }
  | { readonly kind: 'ec'; readonly spki: Bytes; readonly curve: 'P-256' | 'P-384' }
  | { readonly kind: 'other'; readonly spki: Bytes };

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const CURVES = new Map<string, 'P-256' | 'P-384'>([
  ['1.2.840.10045.3.1.7', 'P-256'],
  ['1.3.132.0.34', 'P-384'],
]);

/** @throws CertificateError `certificate_malformed` */
export function readPublicKeyInfo(element: DerElement): PublicKeyInfo {
  const spki = element.raw;
  const info = new DerReader(element.value);
  const algorithm = info.enter(TAG.sequence);
  const key = readOctetAlignedBits(info.next(TAG.bitString));
  info.end();
  const oid = readOid(algorithm.next(TAG.oid));
  if (oid === RSA_ENCRYPTION) return { kind: 'rsa', spki, sizeBits: readModulusSizeBits(key) };
  const curve =
    oid === EC_PUBLIC_KEY && algorithm.peekTag() === TAG.oid ? CURVES.get(readOid(algorithm.next())) : undefined;
  return curve ? { kind: 'ec', spki, curve } : { kind: 'other', spki };
}

function readModulusSizeBits(key: Bytes): number {
  const whole = new DerReader(key);
  const pair = whole.enter(TAG.sequence);
  whole.end();
  const modulus = readIntegerBytes(pair.next(TAG.integer));
  readIntegerBytes(pair.next(TAG.integer));
  pair.end();
  const digits = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  const [first = 0] = digits;
  if (first === 0 || (modulus[0] ?? 0) >= 0x80) throw malformed('an RSA modulus that is not positive');
  return (digits.length - 1) * 8 + (32 - Math.clz32(first));
}
