import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Problem } from '#api/contract/problem.ts';
import { readTlvObjects } from '#api/enrolment/tlv-reader.ts';
import { writeTlv } from '../../../ccid/simulated/issuer/tlv-writer.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

it('reads a public key object as the cards write it', () => {
  const [exponent, modulus] = readTlvObjects(bytes('9003010001910100'), [0x90, 0x91]);
  expect([exponent?.value, modulus?.value]).toEqual([bytes('010001'), bytes('00')]);
});

it('reads back what an issuer writes, of any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70_000 }), fc.constantFrom(0x90, 0xff50, 0x5f37), (value, tag) => {
      fc.pre(value.length < 0x10000);
      const raw = writeTlv(tag, value);
      expect(readTlvObjects(raw, [tag])).toEqual([{ tag, value, raw }]);
    }),
  );
});

it.each([
  ['nothing', ''],
  ['another tag', '91020000'],
  ['a value that is cut off', '900201'],
  ['something behind it', '90020102ff'],
  ['a length in a longer form', '9081020102'],
  ['a length of two bytes that fits in one', '9082000201'],
  ['an indefinite length', '9080010000'],
])('refuses %s', (_, hex) => {
  expect(() => readTlvObjects(bytes(hex), [0x90])).toThrow(Problem);
});

it('never fails in another way', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (noise) => {
      try {
        readTlvObjects(noise, [0x7f21]);
      } catch (error) {
        expect(error).toMatchObject({ code: 'enrolment_record_untrusted' });
      }
    }),
  );
});
