import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import { encodeTlv, findTlv, isConstructed, parseTlv, parseTlvHeader, parseTlvs } from '../../../ccid/iso7816/tlv.ts';

const tags = fc.oneof(
  fc.integer({ min: 1, max: 0xfe }).filter((tag) => (tag & 0x1f) !== 0x1f),
  fc
    .tuple(fc.constantFrom(0x1f, 0x3f, 0x5f, 0x7f, 0x9f, 0xbf, 0xdf, 0xff), fc.integer({ min: 0x1f, max: 0x7f }))
    .map(([first, second]) => (first << 8) | second),
);

describe('BER-TLV', () => {
  it('reads a file control information template', () => {
    const fci = parseTlv(parseHex('6F 0E 84 0A D392F000260100000001 A5 00'));
    expect(fci.tag).toBe(0x6f);
    expect(isConstructed(fci.tag)).toBe(true);
    const inside = parseTlvs(fci.value);
    expect(findTlv(inside, 0x84)).toEqual(parseHex('D392F000260100000001'));
    expect(findTlv(inside, 0xa5)).toEqual(new Uint8Array());
    expect(findTlv(inside, 0x50)).toBeUndefined();
  });

  it('reads two-byte tags and long lengths', () => {
    expect(parseTlv(parseHex('5F46 04 00000001'))).toEqual({ tag: 0x5f46, value: parseHex('00000001') });
    expect(parseTlvHeader(parseHex('30 82 0545 3082'))).toEqual({ tag: 0x30, headerLength: 4, valueLength: 0x545 });
  });

  it('bears two-byte tags of small numbers, as the My Number Card writes them', () => {
    expect(parseTlv(parseHex('DF11 01 00'))).toEqual({ tag: 0xdf11, value: parseHex('00') });
  });

  it('parses what it encodes', () => {
    fc.assert(
      fc.property(tags, fc.uint8Array({ maxLength: 70_000, size: 'large' }), (tag, value) => {
        expect(parseTlv(encodeTlv(tag, value))).toEqual({ tag, value });
      }),
      { numRuns: 200 },
    );
  });

  it('encodes what it parses, or refuses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        let objects;
        try {
          objects = parseTlvs(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        const encoded = objects.flatMap(({ tag, value }) => [...encodeTlv(tag, value)]);
        expect(Uint8Array.from(encoded)).toEqual(bytes);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['truncated value', '04 03 0102'],
    ['truncated header', '5F'],
    ['missing length', '04'],
    ['indefinite length', '30 80 0000'],
    ['length 7F in long form', '04 81 7F'],
    ['length with a leading zero', '04 82 0080'],
    ['a second tag byte 80', '1F 80 01 00'],
    ['tag 00', '00 00'],
    ['length of five bytes', '04 85 0000000001 00'],
    ['four tag bytes', '1F 81 81 01 00'],
  ])('refuses %s', (_, hex) => expect(() => parseTlvs(parseHex(hex))).toThrow(RangeError));

  it('wants exactly one where one is asked for', () => {
    expect(() => parseTlv(new Uint8Array())).toThrow(RangeError);
    expect(() => parseTlv(parseHex('0400 0400'))).toThrow(RangeError);
  });

  it.each([0, 0x1f, 0x5f80, 0x1000000, 1.5])('does not encode tag %d', (tag) => {
    expect(() => encodeTlv(tag, new Uint8Array())).toThrow(RangeError);
  });
});
