import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { installWorker } from '../../../web/lib/shell/install-worker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function openPage(register: (url: string | URL, options?: RegistrationOptions) => Promise<ServiceWorkerRegistration>) {
  const idle: IdleRequestCallback[] = [];
  return {
    idle,
    page: {
      setTimeout: globalThis.setTimeout as unknown as Window['setTimeout'],
      requestIdleCallback: (work: IdleRequestCallback) => idle.push(work),
      navigator: { serviceWorker: { register } },
    },
  };
}
const runIdle = (idle: IdleRequestCallback[]) => idle.splice(0).forEach((work) => work({} as IdleDeadline));

it('lets the first visit stand, and waits for a quiet moment, before the whole app is fetched', () => {
  const register = vi.fn(() => Promise.resolve({} as ServiceWorkerRegistration));
  const { page, idle } = openPage(register);
  installWorker(page);
  runIdle(idle);
  expect(register).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2_000);
  expect(register).not.toHaveBeenCalled();
  runIdle(idle);
  expect(register).toHaveBeenCalledExactlyOnceWith('/service-worker.js', { type: 'module' });
});

it('names the address through a policy where the browser asks for one', () => {
  const register = vi.fn(() => Promise.resolve({} as ServiceWorkerRegistration));
  const { page, idle } = openPage(register);
  const trusted = { of: 'tsunagi-worker' };
  installWorker({
    ...page,
    trustedTypes: {
      createPolicy: (name, { createScriptURL }) => ({
        createScriptURL: (url) => (name === trusted.of && createScriptURL(url) === url ? trusted : url),
      }),
    },
  });
  vi.advanceTimersByTime(2_000);
  runIdle(idle);
  expect(register).toHaveBeenCalledExactlyOnceWith(trusted, { type: 'module' });
});

it('goes on without where the browser has no worker, or refuses it', async () => {
  const { page, idle } = openPage(() => Promise.reject(new DOMException('no', 'SecurityError')));
  installWorker({ ...page, navigator: {} });
  vi.advanceTimersByTime(2_000);
  expect(idle).toHaveLength(0);
  installWorker(page);
  vi.advanceTimersByTime(2_000);
  runIdle(idle);
  await vi.runAllTimersAsync();
});
