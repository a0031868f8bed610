import { build, files, prerendered, version } from '$service-worker';
import { cacheNames } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst, StaleWhileRevalidate } from 'workbox-strategies';
import { sendStraightToServer, takeStraightFromCache } from './past-the-worker.ts';
import { handOver, postLetter, readLetters } from './hand-over.ts';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;

const DEMO_CARDS = '/demo/cards.json';

const isFont = (path: string) => /\.woff2?$/.test(path);

/** What the app needs to start without a network. Fonts are many and are kept as they are seen. */
const shell: PrecacheEntry[] = [
  ...build.filter((url) => !isFont(url)).map((url) => ({ url, revision: null })),
  ...files.map((url) => ({ url, revision: version })),
  ...prerendered.map((url) => ({ url, revision: version })),
  { url: '/', revision: version },
];

// In development the page's links are relative and change with each edit: let everything through.
if (!import.meta.env.DEV) {
  precacheAndRoute(shell);
  cleanupOutdatedCaches();
  worker.addEventListener('install', (event) => {
    takeStraightFromCache(event, '/_app/immutable/*.js', cacheNames.precache);
    sendStraightToServer(event, '/api/*');
  });
  registerRoute(new NavigationRoute(createHandlerBoundToURL('/'), { denylist: [/^\/(?:api|demo|evidence)\//] }));
  registerRoute(
    ({ url }) => url.origin === location.origin && isFont(url.pathname),
    new CacheFirst({ cacheName: 'fonts', plugins: [new ExpirationPlugin({ maxEntries: 300 })] }),
  );
  // Synthetic cards; real people's data, which is everything below /api, is never cached.
  registerRoute(({ url }) => url.pathname === DEMO_CARDS, new StaleWhileRevalidate({ cacheName: 'demo' }));
  // Whoever tries the app without a network has them too. Servers that are no demonstration have none.
  worker.addEventListener('install', (event) => {
    const kept = caches.open('demo').then((cache) => cache.add(DEMO_CARDS));
    event.waitUntil(kept.catch(() => {}));
  });
}

worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('message', (event) => {
  if (event.data === 'skip-waiting') void worker.skipWaiting();
});

/** Web Background Synchronization, which TypeScript's library does not know. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const SYNC_TAG = 'tsunagi-outbox';
const WAKE_MESSAGE = 'hand-over';

/** A window in sight does it itself, and files the answers; with none, the letters go from here. */
async function synchronise(): Promise<void> {
  const windows = await worker.clients.matchAll({ type: 'window' });
  for (const window of windows) window.postMessage(WAKE_MESSAGE);
  if (!windows.some(({ visibilityState }) => visibilityState === 'visible')) {
    await handOver({ readLetters, post: postLetter });
  }
}

worker.addEventListener('sync', (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === SYNC_TAG) sync.waitUntil(synchronise());
});
