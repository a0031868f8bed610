import { type Bytes, TAG, encodeDer } from '../../contract/der.ts';
import { encodeUtf8 } from '../../contract/encoding.ts';

/** DER of the values that certificates and lists are written with. The host side reads them with readers of its own. */
export const sequence = (...parts: readonly Uint8Array[]): Bytes => encodeDer(TAG.sequence, ...parts);

/** A positive INTEGER from its magnitude, leading zeros aside. */
export function integer(magnitude: Uint8Array): Bytes {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : magnitude.subarray(first);
  return (digits[0] ?? 0) < 0x80 ? encodeDer(TAG.integer, digits) : encodeDer(TAG.integer, Uint8Array.of(0), digits);
}

export const boolean = (value: boolean): Bytes => encodeDer(TAG.boolean, Uint8Array.of(value ? 0xff : 0));

/** A BIT STRING of whole octets. */
export const bitString = (octets: Uint8Array): Bytes => encodeDer(TAG.bitString, Uint8Array.of(0), octets);

/** A named-bit list of at most sixteen bits (X.690 §11.2.2). */
export function namedBits(bits: readonly number[]): Bytes {
  const octets = new Uint8Array(Math.floor(Math.max(...bits) / 8) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return encodeDer(TAG.bitString, Uint8Array.of(7 - (Math.max(...bits) % 8)), octets);
}

/** PrintableString where the characters allow it, else UTF8String. */
export function text(value: string): Bytes {
  const tag = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? TAG.printableString : TAG.utf8String;
  return encodeDer(tag, encodeUtf8(value));
}

/** UTCTime to 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export function time(date: Date): Bytes {
  const digits = `${date.toISOString().slice(0, 19).replaceAll(/\D/g, '')}Z`;
  return date.getUTCFullYear() < 2050
    ? encodeDer(TAG.utcTime, encodeUtf8(digits.slice(2)))
    : encodeDer(TAG.generalizedTime, encodeUtf8(digits));
}
