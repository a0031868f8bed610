import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';

/** The least that SvelteKit makes of one line, with a service worker so that it starts without a network too. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module", "private": true }',
  'svelte.config.js': `import adapter from '@sveltejs/adapter-static';
export default { kit: { adapter: adapter({ fallback: 'index.html' }) } };`,
  'vite.config.js': `import { sveltekit } from '@sveltejs/kit/vite';
export default { plugins: [sveltekit()] };`,
  'src/app.html': `<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>`,
  'src/routes/+layout.js': 'export const ssr = false;',
  'src/routes/+page.svelte': '<main><section class="stage">ready</section></main>',
  'src/service-worker.js': `import { build, version } from '$service-worker';
const open = () => caches.open(version);
self.addEventListener('install', (event) => event.waitUntil(open().then((cache) => cache.addAll(['/', ...build]))));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => event.respondWith(open()
  .then((cache) => cache.match(event.request)).then((kept) => kept ?? fetch(event.request))));`,
};

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' };

/** The word that stands on the page when it is ready. */
export const EMPTY_READY = 'ready';

/** An empty SvelteKit page, built now and served from an origin of its own. */
export interface EmptyPage {
  readonly origin: string;
  close(): Promise<void>;
}

/** Built below `node_modules`, so that it finds the same SvelteKit as the app. */
export async function serveEmptyPage(): Promise<EmptyPage> {
  const folder = resolve('node_modules', '.cache', `empty-page-${process.pid}`);
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const vite = resolve('node_modules', 'vite', 'bin', 'vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new TypeError('the empty page does not build');
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '');
    readFile(join(folder, 'build', path)).then(
      (content) => response.setHeader('content-type', TYPES[extname(path)] ?? 'text/plain').end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
