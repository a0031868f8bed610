import { concatBytes } from './bytes.ts';

/** One BER-TLV data object (ISO 7816-4 §5.2.2, ISO 8825-1). `tag` holds the tag bytes as one number: `0x5f46`. */
export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array;
}

/** Where a data object's value begins and how long it is. */
export interface TlvHeader {
  readonly tag: number;
  readonly headerLength: number;
  readonly valueLength: number;
}

/** Tags of ISO 7816 have at most three bytes (§5.2.2.1). */
const TAG_BYTES_MAX = 3;
/** Four length bytes reach past every card. */
const LENGTH_BYTES_MAX = 4;

/** Whether the tag says that the value is a sequence of data objects: b6 of its first byte. */
export function isConstructed(tag: number): boolean {
  const first = tag > 0xffff ? tag >> 16 : tag > 0xff ? tag >> 8 : tag;
  return (first & 0x20) !== 0;
}

/**
 * Reads tag and length only, as a file's first bytes give them; the value need not be there yet.
 *
 * Strict: definite lengths in their shortest form, no leading zeros in tags, so that encode(parse(bytes)) = bytes.
 *
 * @throws {RangeError} when the bytes do not begin with a complete header
 */
export function parseTlvHeader(bytes: Uint8Array, offset = 0): TlvHeader {
  const { tag, next } = parseTag(bytes, offset);
  const first = byteAt(bytes, next);
  if (first < 0x80) return { tag, headerLength: next + 1 - offset, valueLength: first };
  const count = first & 0x7f;
  if (count === 0) throw new RangeError('indefinite length');
  if (count > LENGTH_BYTES_MAX) throw new RangeError('length of more than four bytes');
  let valueLength = 0;
  for (let i = 1; i <= count; i++) valueLength = valueLength * 256 + byteAt(bytes, next + i);
  if (valueLength < 0x80 || valueLength < 256 ** (count - 1)) throw new RangeError('length not in its shortest form');
  return { tag, headerLength: next + 1 + count - offset, valueLength };
}

function parseTag(bytes: Uint8Array, offset: number): { tag: number; next: number } {
  let tag = byteAt(bytes, offset);
  if (tag === 0) throw new RangeError('tag 00 does not exist');
  if ((tag & 0x1f) !== 0x1f) return { tag, next: offset + 1 };
  for (let i = 1; i < TAG_BYTES_MAX; i++) {
    const byte = byteAt(bytes, offset + i);
    // Tag numbers below 31 fit one byte, yet the My Number Card writes FF 10 and DF 11: allowed, the bytes are kept.
    if (i === 1 && byte === 0x80) throw new RangeError('tag not in its shortest form');
    tag = (tag << 8) | byte;
    if (byte < 0x80) return { tag, next: offset + i + 1 };
  }
  throw new RangeError('tag of more than three bytes');
}

function byteAt(bytes: Uint8Array, index: number): number {
  const byte = bytes[index];
  if (byte === undefined) throw new RangeError('truncated data object');
  return byte;
}

/** The data objects one behind the other, to the last byte. @throws {RangeError} when the bytes are anything else */
export function parseTlvs(bytes: Uint8Array): Tlv[] {
  const objects: Tlv[] = [];
  for (let at = 0; at < bytes.length;) {
    const { tag, headerLength, valueLength } = parseTlvHeader(bytes, at);
    const start = at + headerLength;
    if (valueLength > bytes.length - start) throw new RangeError('truncated value');
    objects.push({ tag, value: bytes.slice(start, start + valueLength) });
    at = start + valueLength;
  }
  return objects;
}

/** Exactly one data object. @throws {RangeError} when the bytes are anything else */
export function parseTlv(bytes: Uint8Array): Tlv {
  const objects = parseTlvs(bytes);
  const [only] = objects;
  if (!only || objects.length > 1) throw new RangeError('not exactly one data object');
  return only;
}

/** The value of the first object with this tag, or `undefined`. */
export function findTlv(objects: readonly Tlv[], tag: number): Uint8Array | undefined {
  return objects.find((object) => object.tag === tag)?.value;
}

/** @throws {RangeError} when the tag is not one that {@link parseTlv} would return */
export function encodeTlv(tag: number, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const tagBytes = encodeTag(tag);
  return concatBytes(tagBytes, encodeLength(value.length), value);
}

function encodeTag(tag: number): Uint8Array {
  const bytes = tag > 0xffff ? [tag >> 16, (tag >> 8) & 0xff, tag & 0xff] : tag > 0xff ? [tag >> 8, tag & 0xff] : [tag];
  const encoded = Uint8Array.from(bytes);
  if (!Number.isInteger(tag) || tag < 1 || tag > 0xffffff || parseTag(encoded, 0).next !== encoded.length)
    throw new RangeError('not a BER tag');
  return encoded;
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}
