import { type Bytes, DerReader, TAG } from './der.ts';
import { readIntegerBytes } from './der-values.ts';

/**
 * ECDSA-Sig-Value (RFC 3279 §2.2.3) as the two numbers side by side (RFC 7518 §3.4, IEEE P1363), as WebCrypto takes it.
 *
 * @param sizeBytes of one number
 * @throws {CertificateError} `certificate_malformed`
 * @throws {RangeError} for a number that is larger
 */
export function flattenEcSignature(signature: Bytes, sizeBytes: number): Bytes {
  const whole = new DerReader(signature);
  const pair = whole.enter(TAG.sequence);
  whole.end();
  const flat = new Uint8Array(sizeBytes * 2);
  for (const i of [1, 2]) {
    const number = readIntegerBytes(pair.next(TAG.integer));
    const digits = number[0] === 0 ? number.subarray(1) : number;
    if (digits.length > sizeBytes) throw new RangeError('a number of a larger curve');
    flat.set(digits, sizeBytes * i - digits.length);
  }
  pair.end();
  return flat;
}

/** The same the other way: DER of two numbers side by side, of a curve whose signatures are shorter than 128 bytes. */
export function encodeEcSignature(flat: Uint8Array): Bytes {
  const half = flat.length / 2;
  const numbers = [flat.subarray(0, half), flat.subarray(half)].map(trimInteger);
  const length = numbers.reduce((sum, { pad, digits }) => sum + 2 + pad + digits.length, 0);
  const der = new Uint8Array(2 + length);
  der.set([TAG.sequence, length]);
  let at = 2;
  for (const { pad, digits } of numbers) {
    der.set([TAG.integer, pad + digits.length], at);
    at += 2 + pad;
    der.set(digits, at);
    at += digits.length;
  }
  return der;
}

/** An INTEGER is minimal, and positive only with its highest bit unset (X.690 §8.3). */
function trimInteger(number: Uint8Array): { readonly pad: 0 | 1; readonly digits: Uint8Array } {
  const first = number.findIndex((byte) => byte !== 0);
  const digits = number.subarray(first < 0 ? number.length - 1 : first);
  return { pad: (digits[0] ?? 0) & 0x80 ? 1 : 0, digits };
}
