import fc from 'fast-check';
import { expect, it } from 'vitest';
import { delayAfter } from '#api/http/back-off.ts';
import { createBells } from '#api/http/bells.ts';
import { handOnInOrder } from '#api/relay/in-order.ts';

it('keeps the order inside a conversation and stops it at its first failure', async () => {
  const item = fc.record({ conversation: fc.constantFrom('x', 'y', 'z'), isGood: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(item), fc.integer({ min: 1, max: 4 }), async (items, atOnce) => {
      const numbered = items.map((entry, i) => ({ ...entry, i }));
      const tried: typeof numbered = [];
      const isThrough = await handOnInOrder(
        numbered,
        ({ conversation }) => conversation,
        atOnce,
        async (entry) => {
          tried.push(entry);
          await Promise.resolve();
          return entry.isGood;
        },
      );
      for (const conversation of ['x', 'y', 'z']) {
        const wanted = numbered.filter((entry) => entry.conversation === conversation);
        const firstBad = wanted.findIndex(({ isGood }) => !isGood);
        const expected = firstBad < 0 ? wanted : wanted.slice(0, firstBad + 1);
        expect(tried.filter((entry) => entry.conversation === conversation)).toEqual(expected);
      }
      expect(isThrough).toBe(items.every(({ isGood }) => isGood));
    }),
  );
});

it('backs off up to a limit, half of it by chance', () => {
  const pace = { baseMs: 100, capMs: 5000 };
  const delays = Array.from({ length: 12 }, (_, i) => [
    delayAfter(i + 1, pace, () => 0),
    delayAfter(i + 1, pace, () => 1),
  ]);
  expect(delays.slice(0, 3)).toEqual([
    [50, 100],
    [100, 200],
    [200, 400],
  ]);
  expect(delays.at(-1)).toEqual([2500, 5000]);
});

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
