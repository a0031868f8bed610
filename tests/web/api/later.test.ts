import { expect, it } from 'vitest';
import { ApiError } from '#lib/api/api-error.ts';
import { later } from '#lib/api/later.ts';

const double = (value: number) => Promise.resolve(2 * value);

it('fetches what it needs with the first call, once', async () => {
  let fetched = 0;
  const calls = later(() => {
    fetched += 1;
    return Promise.resolve({ double });
  });
  expect(fetched).toBe(0);
  expect(await Promise.all([calls.double(1), calls.double(2)])).toEqual([2, 4]);
  expect(await calls.double(3)).toBe(6);
  expect(fetched).toBe(1);
});

it('hands on how a call rejects', async () => {
  const failure = new ApiError('network_timeout', '/api/x');
  const calls = later(() => Promise.resolve({ ask: () => Promise.reject(failure) }));
  await expect(calls.ask()).rejects.toBe(failure);
});

it('says that there is no network where the rest cannot be fetched, and tries again', async () => {
  let isOffline = true;
  const calls = later(() => (isOffline ? Promise.reject(new TypeError('no such chunk')) : Promise.resolve({ double })));
  await expect(calls.double(1)).rejects.toMatchObject({ code: 'network_unreachable' });
  isOffline = false;
  expect(await calls.double(1)).toBe(2);
});

it('is no promise, and knows no call that is not there', async () => {
  const calls: { readonly double: typeof double; treble?: typeof double } = later(() => Promise.resolve({ double }));
  expect(await Promise.resolve(calls)).toBe(calls);
  await expect(calls.treble?.(1)).rejects.toThrow(TypeError);
});
