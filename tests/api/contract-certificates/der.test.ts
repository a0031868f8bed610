import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CertificateError } from '#api/contract/certificate-error.ts';
import { type DerElement, DerReader, TAG, contextTag, encodeDer, readWhole } from '#api/contract/der.ts';
import {
  encodeOid,
  readBoolean,
  readIntegerBytes,
  readNamedBits,
  readOctetAlignedBits,
  readOid,
  readSmallInteger,
  readText,
  readTime,
} from '#api/contract/der-values.ts';

const hex = (digits: string) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const element = (digits: string): DerElement => new DerReader(hex(digits)).next();
const refused = (run: () => unknown) => {
  expect(run).toThrow(CertificateError);
  expect(run).toThrow(expect.objectContaining({ code: 'certificate_malformed' }));
};

describe('DER elements (X.690 §8.1, §10.1)', () => {
  it('come back as they were encoded, at every length form', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = new Uint8Array(length).fill(7);
      const encoded = encodeDer(TAG.octetString, content);
      expect(readWhole(encoded, TAG.octetString).value).toEqual(content);
      expect(encodeDer(TAG.octetString, readWhole(encoded, TAG.octetString).value)).toEqual(encoded);
    }
  });

  it('are one after the other, and tell what they were read from', () => {
    const reader = new DerReader(hex('0201050500'));
    expect(reader.next(TAG.integer).raw).toEqual(hex('020105'));
    expect(reader.optional(TAG.integer)).toBeUndefined();
    expect(reader.optional(TAG.null)?.value).toEqual(hex(''));
    expect(reader.done).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['no length', '30'],
    ['an end inside the length', '3082ff'],
    ['content shorter than said', '300501'],
    ['an indefinite length', '30800000'],
    ['a long form where the short one does', '30817f' + '00'.repeat(127)],
    ['a length with a leading zero', '3082000100'],
    ['five octets of length', '3085000000000100'],
    ['a multi-byte tag', '1f8101 00'.replace(' ', '')],
    ['a byte after the whole', '300000'],
    ['another tag', '3100'],
  ])('are refused when there is %s', (_, digits) => {
    refused(() => readWhole(hex(digits), TAG.sequence));
  });

  it('never crash the reader, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          const reader = new DerReader(Uint8Array.from(bytes));
          while (!reader.done) reader.next();
        } catch (error) {
          if (!(error instanceof CertificateError)) throw error;
        }
      }),
    );
  });

  it('number context tags in both forms', () => {
    expect([contextTag(0), contextTag(3), contextTag(6, 'primitive')]).toEqual([0xa0, 0xa3, 0x86]);
  });
});

describe('DER values', () => {
  it('object identifiers: the examples of X.690 §8.19.5 and of the role', () => {
    expect(readOid(element('0603883703'))).toBe('2.999.3');
    expect(encodeOid('2.999.3')).toEqual(hex('0603883703'));
    expect(readOid(element('0606288185420001'))).toBe('1.0.17090.0.1');
    expect(encodeOid('1.2.392.100495.1.6.1.1')).toEqual(hex('060a2a830886910f01060101'));
  });

  it('object identifiers come back', () => {
    const arcs = fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2), fc.integer({ min: 0, max: 39 }), arcs, (root, second, rest) => {
        const oid = [root, second, ...rest].join('.');
        expect(readOid(readWhole(encodeOid(oid), TAG.oid))).toBe(oid);
      }),
    );
  });

  it.each(['0600', '06018', '060180', '06028001', '06012a'.replace('2a', 'ff')])(
    'object identifier %s is refused',
    (digits) => {
      refused(() => readOid(element(digits)));
    },
  );

  it('integers are minimal', () => {
    expect(readSmallInteger(element('020100'))).toBe(0);
    expect(readSmallInteger(element('02020080'))).toBe(128);
    expect(readIntegerBytes(element('0201ff'))).toEqual(hex('ff'));
    for (const digits of ['0200', '0202007f', '0202ffff', '020700ffffffffffff', '0201ff']) {
      refused(() => readSmallInteger(element(digits)));
    }
  });

  it('booleans are 00 or FF', () => {
    expect([readBoolean(element('010100')), readBoolean(element('0101ff'))]).toEqual([false, true]);
    for (const digits of ['010101', '0100', '01020000', '0201ff']) refused(() => readBoolean(element(digits)));
  });

  it('bit strings have no unused bits in keys, and no trailing zeros in lists of names', () => {
    expect(readOctetAlignedBits(element('030300aabb'))).toEqual(hex('aabb'));
    refused(() => readOctetAlignedBits(element('030301aaba')));
    expect([...readNamedBits(element('03020640'))]).toEqual([1]);
    expect([...readNamedBits(element('03020106'))]).toEqual([5, 6]);
    expect([...readNamedBits(element('0303070080'))]).toEqual([8]);
    expect([...readNamedBits(element('030100'))]).toEqual([]);
    for (const digits of ['03020006', '03020641', '03020700', '030108', '0300', '030101']) {
      refused(() => readNamedBits(element(digits)));
    }
  });

  it('times have seconds and Z and exist', () => {
    expect(readTime(element('170d' + utf8('260201000000Z')))).toEqual(new Date('2026-02-01T00:00:00Z'));
    expect(readTime(element('170d' + utf8('500101000000Z')))).toEqual(new Date('1950-01-01T00:00:00Z'));
    expect(readTime(element('180f' + utf8('20500101000000Z')))).toEqual(new Date('2050-01-01T00:00:00Z'));
    for (const text of ['260230000000Z', '2602010000Z  ', '260201000060Z', '261301000000Z', '26020100000 Z']) {
      refused(() => readTime(element('170d' + utf8(text).padEnd(26, '5a').slice(0, 26))));
    }
  });

  it('texts are in their own alphabet', () => {
    expect(readText(element('0c06e697a5e69cac'))).toBe('日本');
    expect(readText(element('1e0465e5672c'))).toBe('日本');
    expect(readText(element('13024a50'))).toBe('JP');
    for (const digits of ['0c01ff', '130140', '120141', '160180', '1e0165', '040141']) {
      refused(() => readText(element(digits)));
    }
  });
});

function utf8(text: string): string {
  return Array.from(text, (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
