import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { build, type Rollup } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The store's contract as one script for a page: the same cases that run over memory in Node. */
async function bundle(): Promise<string> {
  const result = (await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '#lib': `${root}web/lib`, '#api': `${root}api` } },
    build: {
      write: false,
      minify: false,
      lib: { entry: `${root}tests/web/offline/store-in-page.ts`, formats: ['es'], fileName: 'contract' },
    },
  })) as Rollup.RollupOutput[];
  return result[0]!.output[0].code;
}

async function serve(script: string): Promise<Server> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/contract.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script type="module" src="/contract.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('IndexedDB keeps the contract of the offline store', async ({ page }) => {
  const server = await serve(await bundle());
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'results' in globalThis);
    const results = await page.evaluate(() => (globalThis as unknown as { results: [string, string][] }).results);
    expect(results.length).toBeGreaterThanOrEqual(8);
    expect(results.filter(([, outcome]) => outcome !== 'ok')).toEqual([]);
  } finally {
    server.close();
  }
});
