import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseFairly } from '#api/storage/fair-lanes.ts';

const lane = fc.array(fc.record({ size: fc.integer({ min: 1, max: 50 }) }), { maxLength: 40 });
const all = fc.tuple(lane, lane, lane);
const sizeOf = ({ size }: { readonly size: number }) => size;

it('gives the most urgent most places, and every lane its share', () => {
  const lanes = ['u', 'n', 'b'].map((name) => Array.from({ length: 40 }, (_, i) => `${name}${i}`));
  const chosen = chooseFairly(lanes, { count: 10, bytes: 1000 }, () => 1);
  expect(chosen).toEqual(['u0', 'u1', 'u2', 'u3', 'u4', 'n0', 'n1', 'n2', 'b0', 'b1']);
  expect(chooseFairly([[], [], lanes[2]!], { count: 10, bytes: 1000 }, () => 1)).toHaveLength(10);
  expect(chooseFairly([lanes[0]!, [], lanes[2]!.slice(0, 1)], { count: 10, bytes: 1000 }, () => 1)).toHaveLength(10);
});

it('starves nobody, keeps the order of arrival and both limits', () => {
  fc.assert(
    fc.property(all, fc.integer({ min: 3, max: 30 }), fc.integer({ min: 1, max: 200 }), (lanes, count, bytes) => {
      const chosen = chooseFairly(lanes, { count, bytes }, sizeOf);
      const waiting = lanes.flat().length;
      expect(chosen.length).toBeLessThanOrEqual(count);
      expect(chosen.length > 0).toBe(waiting > 0);
      const total = chosen.reduce((sum, { size }) => sum + size, 0);
      expect(chosen.length === 1 || total <= bytes).toBe(true);
      const taken = lanes.map((items) => items.filter((item) => chosen.includes(item)));
      taken.forEach((items, at) => expect(items).toEqual(lanes[at]!.slice(0, items.length)));
      expect(taken.flat()).toEqual(chosen);
      if (bytes >= 50 * 30) taken.forEach((items, at) => expect(items.length > 0).toBe(lanes[at]!.length > 0));
      if (total + 50 < bytes) expect(chosen.length).toBe(Math.min(count, waiting));
    }),
  );
});
