import { expect, it } from 'vitest';
import { rowAfterKey } from '#lib/ui/row-after-key.ts';

it.each([
  ['ArrowDown', 5, 6],
  ['ArrowUp', 5, 4],
  ['ArrowUp', 0, 0],
  ['ArrowDown', 99, 99],
  ['PageDown', 5, 14],
  ['PageUp', 5, 0],
  ['PageDown', 95, 99],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['Enter', 50, undefined],
])('%s leads from row %i to %s', (key, row, next) => {
  expect(rowAfterKey(key, row, { count: 100, page: 10 })).toBe(next);
});

it('moves by a row at least, and nowhere in an empty list', () => {
  expect(rowAfterKey('PageDown', 0, { count: 9, page: 0 })).toBe(1);
  expect(rowAfterKey('End', 0, { count: 0, page: 10 })).toBeUndefined();
});
