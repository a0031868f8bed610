import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeBase64Url, parseBase64Url } from '#api/contract/encoding.ts';

// RFC 4648 §10, without padding.
it.each([
  ['', ''],
  ['f', 'Zg'],
  ['fo', 'Zm8'],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg'],
  ['fooba', 'Zm9vYmE'],
  ['foobar', 'Zm9vYmFy'],
])('writes and reads %j as %j', (plain, text) => {
  const bytes = new TextEncoder().encode(plain);
  expect(encodeBase64Url(bytes)).toBe(text);
  expect(parseBase64Url(text)).toEqual(bytes);
});

it.each(['Z', 'Zh', 'Zm9', 'Zm9vY', 'Zg==', 'Zm 8', 'Zm\n8', '+/+/', 'é'])('refuses %j', (text) => {
  expect(() => parseBase64Url(text)).toThrow(RangeError);
});

it('has one text for one value', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      let bytes: Uint8Array;
      try {
        bytes = parseBase64Url(text);
      } catch {
        return;
      }
      expect(encodeBase64Url(bytes)).toBe(text);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(parseBase64Url(encodeBase64Url(bytes))).toEqual(bytes);
    }),
  );
});
