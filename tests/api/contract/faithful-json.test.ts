import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isShallow, JSON_DEPTH_LIMIT, parseFaithfulJson } from '#api/contract/faithful-json.ts';

it('keeps the digits of a decimal, which FHIR counts as its precision', () => {
  const text = '{"value":4.0,"low":0.10,"big":12345678901234567890,"exponent":1.0e2,"plain":3.9,"text":"4.0"}';
  expect(JSON.stringify(parseFaithfulJson(text))).toBe(text);
  expect(JSON.stringify(JSON.parse(text))).not.toBe(text);
});

it('gives ordinary numbers as numbers', () => {
  expect(parseFaithfulJson('{"value":3.9,"list":[1,-2,null,true]}')).toEqual({ value: 3.9, list: [1, -2, null, true] });
});

it('writes every JSON text without white space as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(parseFaithfulJson(text))).toBe(text);
    }),
  );
  const decimal = fc
    .tuple(fc.nat(), fc.nat(), fc.nat(4))
    .map(([whole, part, zeros]) => `${whole}.${part}${'0'.repeat(zeros)}`);
  fc.assert(
    fc.property(decimal, (text) => {
      expect(JSON.stringify(parseFaithfulJson(`[${text}]`))).toBe(`[${text}]`);
    }),
  );
});

it('refuses what is not JSON', () => {
  for (const text of ['', '{', '01', "{'a':1}", '[1,]']) expect(() => parseFaithfulJson(text)).toThrow(SyntaxError);
});

it('measures nesting without following it to the end', () => {
  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  expect(isShallow(nested(JSON_DEPTH_LIMIT))).toBe(true);
  expect(isShallow(nested(JSON_DEPTH_LIMIT + 1))).toBe(false);
  expect(isShallow(nested(5000))).toBe(false);
});
