import fc from 'fast-check';
import { expect, it } from 'vitest';
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
