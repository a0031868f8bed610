import { concatBytes } from '../../iso7816/bytes.ts';

/**
 * One BER-TLV object in its shortest form (ISO 7816-4 §5.3.2). `tag` is written as it is printed: `0xff50` in two bytes.
 *
 * The issuer's own writer: the host side reads these records with code of its own, so that neither hides the other's mistake.
 */
export function writeTlv(tag: number, ...values: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const value = concatBytes(...values);
  return concatBytes(writeTag(tag), writeLength(value.length), value);
}

function writeTag(tag: number): Uint8Array {
  if (tag < 0x100) return Uint8Array.of(tag);
  return Uint8Array.of(tag >> 8, tag & 0xff);
}

function writeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  if (length < 0x10000) return Uint8Array.of(0x82, length >> 8, length & 0xff);
  throw new RangeError('a card record is shorter than 64 KiB');
}
