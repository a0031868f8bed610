import { whenIdle } from '#lib/app/when-idle.ts';

const WORKER = '/service-worker.js';
const POLICY = 'tsunagi-worker';
/** What a first visit needs comes first; the worker fetches the whole app, milliseconds later. */
const AFTER_MS = 2_000;

interface Page extends Pick<Window, 'setTimeout' | 'requestIdleCallback'> {
  readonly navigator: { readonly serviceWorker?: Pick<ServiceWorkerContainer, 'register'> };
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { readonly createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): unknown };
  };
}

/**
 * Has the browser install the app for days without a network, once the window stands and has nothing else to do. Where
 * it cannot (a private window, no room on the device) the app goes on as long as the network does.
 */
export function installWorker(page: Page): void {
  const workers = page.navigator.serviceWorker;
  if (!workers) return;
  const policy = page.trustedTypes?.createPolicy(POLICY, { createScriptURL: (url) => url });
  const url = policy?.createScriptURL(WORKER) ?? WORKER;
  const register = () => void workers.register(url as string, { type: 'module' }).catch(() => {});
  page.setTimeout(() => whenIdle(page, register), AFTER_MS);
}
