import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeEcSignature, flattenEcSignature } from '#api/contract/ecdsa-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const message = Uint8Array.of(1, 2, 3);

it('writes integers as short as they are, and positive', () => {
  const flat = new Uint8Array(64);
  flat[31] = 0x7f;
  flat[32] = 0x80;
  const second = [0x02, 0x21, 0x00, 0x80, ...new Array<number>(31).fill(0)];
  expect([...encodeEcSignature(flat)]).toEqual([0x30, 3 + second.length, 0x02, 0x01, 0x7f, ...second]);
});

it('gives the numbers back that it was given', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (flat) => {
      expect(flattenEcSignature(encodeEcSignature(flat), 32)).toEqual(new Uint8Array(flat));
    }),
  );
});

it('reads and writes what OpenSSL does', () => {
  for (let round = 0; round < 32; round += 1) {
    const der = new Uint8Array(sign('sha256', message, privateKey));
    const flat = flattenEcSignature(der, 32);
    expect(encodeEcSignature(flat)).toEqual(der);
    expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, flat)).toBe(true);
  }
});

it.each([
  ['a number of a larger curve', [0x30, 0x26, 0x02, 0x21, 0x01, ...new Array<number>(32).fill(0), 0x02, 0x01, 0x01]],
  ['a number that is not minimal', [0x30, 0x07, 0x02, 0x02, 0x00, 0x01, 0x02, 0x01, 0x01]],
  ['a third number', [0x30, 0x09, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]],
  ['bytes behind it', [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00]],
])('refuses %s', (_, bytes) => {
  expect(() => flattenEcSignature(Uint8Array.from(bytes), 32)).toThrow();
});
