import { createServer } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WORLD_TIMEOUT_MS } from '../api/synthetic/shared-world.ts';
import { startVisitNetwork, until } from './visit-network.ts';

let net: Awaited<ReturnType<typeof startVisitNetwork>>;
beforeAll(async () => {
  net = await startVisitNetwork();
}, WORLD_TIMEOUT_MS);
afterAll(() => net.stop());

const readStamping = async () => (await net.exchangeStatus()).timestamping;

it('is simulated without an authority, and says so', async () => {
  const status = await until(readStamping, (stamping) => stamping?.newest !== null);
  expect(status).toMatchObject({
    simulated: true,
    overdue: false,
    newest: { kind: 'simulated', authority: 'simulated' },
  });
});

it('an authority that refuses stops no visit; the leaves wait, and the status says so', async () => {
  const refusing = createServer((_, response) => response.writeHead(503).end());
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const address = refusing.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const path = join(net.network.dataDirectory, 'config/east.json');
  const config: unknown = JSON.parse(await readFile(path, 'utf8'));
  const authorities = [{ url: `http://127.0.0.1:${port}/`, anchors: 'hpki.pem' }];
  await writeFile(path, JSON.stringify({ ...Object(config), timestamping: { authorities, graceMs: 1 } }));
  await net.network.stopNode('east');
  await net.network.startNode('east');

  const view = await net.post(await net.terminal.tap(net.lay('person-01')));
  expect(view.state).toBe('recorded');
  const status = await until(readStamping, (stamping) => stamping?.overdue === true);
  expect(status).toMatchObject({ simulated: false });
  expect(status?.waitingMs).toBeGreaterThan(0);
  refusing.closeAllConnections();
  await new Promise((resolve) => refusing.close(resolve));
});

it('reports no failure of its own', () => {
  expect(net.failures).toEqual([]);
});
