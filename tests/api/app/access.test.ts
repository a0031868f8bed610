import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from '#api/config/server-config.ts';
import { accessTo, GATEWAY_ACCESS, mayAsk } from '#api/contract/gateway-access.ts';
import { STAFF_ROLES } from '#api/contract/staff-person.ts';
import { originsFrom } from '#api/demo/nodes.ts';
import { provision } from '#api/demo/provision.ts';
import { openApp, type OpenedApp } from '#api/server/create-app.ts';
import { NOW, sharedWorld, WORLD_TIMEOUT_MS } from '../synthetic/shared-world.ts';

let folder: string;
let gateway: OpenedApp;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tsunagi-access-'));
  const world = await sharedWorld();
  const { configPaths } = await provision({ dataDirectory: folder, origins: originsFrom(4100), now: NOW, world });
  const path = configPaths['gateway-a'];
  gateway = await openApp(parseConfig(readFileSync(path, 'utf8')), path, {
    fetch: () => Promise.reject(new TypeError('no network')),
    now: () => NOW,
    random: () => 0.5,
    report: () => {},
  });
}, WORLD_TIMEOUT_MS);
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that a gateway answers below the guarded addresses, without middleware and catch-alls. */
const routes = () =>
  gateway.app.routes
    .filter(({ method, path }) => method !== 'ALL' && /^\/(api|demo)\//.test(path) && !path.includes('*'))
    .map(({ method, path }) => `${method} ${path}`);
const stated = GATEWAY_ACCESS.map(({ method, path }) => `${method} ${path}`);

it('states for every route of a gateway who may use it', () => {
  expect(routes().length).toBeGreaterThan(30);
  expect(routes().filter((route) => !stated.includes(route))).toEqual([]);
});

it('states nothing about routes that are not there, and each once', () => {
  // What operators do is there where a process can be told to read its configuration anew.
  const missing = stated.filter((route) => !routes().includes(route) && !route.includes(' /api/operator/'));
  expect(missing).toEqual([]);
  expect(new Set(stated).size).toBe(stated.length);
});

it('refuses a stranger at every address but those for anybody', async () => {
  for (const { method, path, access } of GATEWAY_ACCESS) {
    if (access.kind === 'anyone' || access.kind === 'operator') continue;
    const answer = await gateway.app.request(path.replaceAll(/:[A-Za-z]+/g, 'x'), { method });
    expect([path, answer.status]).toEqual([path, 401]);
  }
});

it('gives no role a request that reads people to somebody who only runs machines or audits', () => {
  for (const path of ['/api/visits', '/api/records', '/api/inbox']) {
    expect(mayAsk('GET', path, ['operator', 'auditor', 'administrator'])).toBe(false);
  }
  for (const role of STAFF_ROLES) expect(mayAsk('GET', '/api/directory', [role])).toBe(true);
});

it('knows an address with parameters, and none that is not listed', () => {
  expect(accessTo('POST', '/api/inbox/0190/release')).toMatchObject({ roles: ['records'] });
  expect(accessTo('HEAD', '/api/status')).toEqual({ kind: 'anyone' });
  expect(accessTo('POST', '/api/inbox/0190/release/more')).toBeUndefined();
  expect(accessTo('DELETE', '/api/visits')).toBeUndefined();
  expect(accessTo('GET', '/demo/cardsXjson')).toBeUndefined();
});
