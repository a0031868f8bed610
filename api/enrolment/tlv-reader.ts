import { Problem } from '../contract/problem.ts';

/** One BER-TLV object of a card record (ISO 7816-4 §5.3.2); `raw` is the whole of it. */
export interface TlvObject {
  readonly tag: number;
  readonly value: Uint8Array;
  readonly raw: Uint8Array;
}

/**
 * Reads exactly the objects with these tags, in this order, and nothing else. Tags as they are printed: `0xff50`.
 *
 * @throws {Problem} `enrolment_record_untrusted`
 */
export function readTlvObjects(bytes: Uint8Array, tags: readonly number[]): readonly TlvObject[] {
  const objects: TlvObject[] = [];
  let at = 0;
  for (const expected of tags) {
    const object = readObject(bytes.subarray(at), expected);
    objects.push(object);
    at += object.raw.length;
  }
  if (at !== bytes.length) throw malformed('something stands behind the last object');
  return objects;
}

function readObject(bytes: Uint8Array, expected: number): TlvObject {
  const tagSize = expected > 0xff ? 2 : 1;
  const tag = tagSize === 2 ? ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0) : bytes[0];
  if (tag !== expected) throw malformed(`no object ${expected.toString(16)}`);
  const { length, sizeBytes } = readLength(bytes.subarray(tagSize));
  const start = tagSize + sizeBytes;
  const raw = bytes.subarray(0, start + length);
  if (raw.length !== start + length) throw malformed('the record is cut off');
  return { tag: expected, value: raw.subarray(start), raw };
}

/** Shortest form only: one record has one encoding. */
function readLength(bytes: Uint8Array): { readonly length: number; readonly sizeBytes: number } {
  const [first, second = 0, third = 0] = bytes;
  if (first === undefined) throw malformed('the record is cut off');
  if (first < 0x80) return { length: first, sizeBytes: 1 };
  if (first === 0x81 && second >= 0x80) return { length: second, sizeBytes: 2 };
  if (first === 0x82 && second > 0) return { length: (second << 8) | third, sizeBytes: 3 };
  throw malformed('a length in another form');
}

function malformed(detail: string): Problem {
  return new Problem('enrolment_record_untrusted', detail);
}
