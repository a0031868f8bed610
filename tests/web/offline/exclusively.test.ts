import { expect, it } from 'vitest';
import { createMemoryLocks } from '#lib/offline/exclusively.ts';

it('lets one at a time work under a name, in the order in which they came', async () => {
  const exclusively = createMemoryLocks();
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = exclusively('a', async () => {
    await gate.promise;
    order.push('first');
  });
  const second = exclusively('a', () => Promise.resolve(void order.push('second')));
  await exclusively('b', () => Promise.resolve(void order.push('other name')));
  gate.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(['other name', 'first', 'second']);
});

it('goes on after one that failed', async () => {
  const exclusively = createMemoryLocks();
  await expect(exclusively('a', () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
  expect(await exclusively('a', () => Promise.resolve('next'))).toBe('next');
});
