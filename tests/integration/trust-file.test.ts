import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { runCli } from '#api/cli/run.ts';
import { encodeReceipt } from '#api/contract/evidence/receipt.ts';
import { parseTrust } from '#api/contract/evidence/trust.ts';
import { WORLD_TIMEOUT_MS } from '../api/synthetic/shared-world.ts';
import { startVisitNetwork, until } from './visit-network.ts';

let net: Awaited<ReturnType<typeof startVisitNetwork>>;
beforeAll(async () => {
  net = await startVisitNetwork();
}, WORLD_TIMEOUT_MS);
afterAll(() => net.stop());

const fileName = 'tsunagi-trust.json';
const readTrust = async () => readFile(join(net.network.dataDirectory, fileName), 'utf8');

it.each(['gateway-a', 'gateway-b', 'east', 'west'] as const)(
  'is served by %s as the demonstration wrote it',
  async (node) => {
    const fetchTrust = async () => (await fetch(`${net.network.origins[node]}/evidence/trust.json`)).text();
    const pinned = parseTrust(await readTrust());
    // A server that started first knows its own side only, for a moment.
    const served = parseTrust(
      await until(fetchTrust, (text) => parseTrust(text).logKeys.length === pinned.logKeys.length),
    );
    expect([...served.logKeys].sort()).toEqual([...pinned.logKeys].sort());
    expect(served.exchangeKeys).toEqual(pinned.exchangeKeys);
  },
);

it('is all that the command line needs', async () => {
  const { receipt } = await net.post(await net.terminal.tap(net.lay('person-01')));
  const files = new Map([
    [fileName, await readTrust()],
    ['receipt.json', encodeReceipt(receipt!)],
  ]);
  const readFile = (file: string) => {
    const text = files.get(file);
    return text === undefined ? Promise.reject(new TypeError(file)) : Promise.resolve(encodeUtf8(text));
  };
  expect(await runCli(['verify', 'receipt.json'], { readFile, fetch, write: () => {} })).toBe(0);
});
