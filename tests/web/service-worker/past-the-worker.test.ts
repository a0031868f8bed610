import { expect, it, vi } from 'vitest';
import { sendStraightToServer, takeStraightFromCache } from '../../../web/service-worker/past-the-worker.ts';

function createInstall(addRoutes?: (rules: object) => Promise<void>) {
  const waited: Promise<unknown>[] = [];
  const event = {
    waitUntil: (promise: Promise<unknown>) => void waited.push(promise),
    ...(addRoutes && { addRoutes }),
  };
  return { event, waited };
}

it('names the files and the cache', () => {
  const addRoutes = vi.fn(() => Promise.resolve());
  const { event, waited } = createInstall(addRoutes);
  takeStraightFromCache(event, '/files/*', 'kept');
  expect(addRoutes).toHaveBeenCalledExactlyOnceWith({
    condition: { urlPattern: '/files/*' },
    source: { cacheName: 'kept' },
  });
  expect(waited).toHaveLength(1);
});

it('names what is the server’s alone', () => {
  const addRoutes = vi.fn(() => Promise.resolve());
  sendStraightToServer(createInstall(addRoutes).event, '/answers/*');
  expect(addRoutes).toHaveBeenCalledExactlyOnceWith({ condition: { urlPattern: '/answers/*' }, source: 'network' });
});

it('installs all the same where rules are refused, or not known', async () => {
  const refused = createInstall(() => Promise.reject(new TypeError('too many rules')));
  takeStraightFromCache(refused.event, '/files/*', 'kept');
  await expect(Promise.all(refused.waited)).resolves.toEqual([undefined]);
  const unknown = createInstall();
  takeStraightFromCache(unknown.event, '/files/*', 'kept');
  expect(unknown.waited).toEqual([]);
});
