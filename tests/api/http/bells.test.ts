import { expect, it } from 'vitest';
import { createBells } from '#api/http/bells.ts';

it('wakes everyone who waits for the key, and nobody else', async () => {
  const bells = createBells();
  const end = new AbortController();
  const waits = ['a', 'a', 'b'].map((key) => bells.wait(key, 60_000, end.signal));
  bells.ring('a');
  expect(await Promise.all(waits.slice(0, 2))).toEqual([true, true]);
  end.abort();
  expect(await waits[2]).toBe(false);
  expect(await bells.wait('a', 60_000, end.signal)).toBe(false);
  expect(await bells.wait('a', 1, new AbortController().signal)).toBe(false);
});
