import { expect, it } from 'vitest';
import { createSyncRequest } from '#lib/offline/background-sync.ts';

it('asks the browser each time that more waits, and not for less', async () => {
  const tags: string[] = [];
  const ask = createSyncRequest(() =>
    Promise.resolve({ sync: { register: (tag: string) => Promise.resolve(tags.push(tag)) } }),
  );
  for (const waiting of [0, 1, 1, 2, 1, 0, 1]) await ask(waiting);
  expect(tags).toEqual(['tsunagi-outbox', 'tsunagi-outbox', 'tsunagi-outbox']);
});

it.each([
  ['has no service worker', () => Promise.resolve(undefined)],
  ['has no such extra', () => Promise.resolve({})],
  [
    'was told not to',
    () => Promise.resolve({ sync: { register: () => Promise.reject(new DOMException('', 'NotAllowedError')) } }),
  ],
])('asks for nothing where the browser %s', async (_name, findRegistration) => {
  await expect(createSyncRequest(findRegistration)(1)).resolves.toBeUndefined();
});
