import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '#api/config/server-config.ts';
import { originsFrom } from '#api/demo/nodes.ts';
import { provision } from '#api/demo/provision.ts';
import { parseContractTable } from '#api/operations/contract-table.ts';
import { operationsOf, type OpenApi } from '#api/operations/openapi.ts';
import { openApp, type OpenedApp } from '#api/server/create-app.ts';
import { NOW, sharedWorld, WORLD_TIMEOUT_MS } from '../synthetic/shared-world.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'tsunagi-openapi-'));
const apps: { east?: OpenedApp; 'gateway-a'?: OpenedApp } = {};

beforeAll(async () => {
  const world = await sharedWorld();
  const { configPaths } = await provision({ dataDirectory, origins: originsFrom(4100), world, now: NOW });
  const nowhere = () => Promise.reject(new TypeError('no network here'));
  const control = { configuration: () => ({ digest: '', loadedAt: '', failure: null }), reload: nowhere };
  const surroundings = { fetch: nowhere, now: () => NOW, random: () => 0, report: () => {}, control };
  for (const node of ['east', 'gateway-a'] as const) {
    const config = parseConfig(readFileSync(configPaths[node], 'utf8'));
    apps[node] = await openApp(config, configPaths[node], surroundings);
  }
}, WORLD_TIMEOUT_MS);
afterAll(async () => {
  await Promise.all(Object.values(apps).map((app) => app.close()));
  rmSync(dataDirectory, { recursive: true, force: true });
});

describe.each(['east', 'gateway-a'] as const)('the document of %s', (node) => {
  const read = async () => (await (await apps[node]!.app.request('/openapi.json')).json()) as OpenApi;

  it('has every route of the app, and no other', async () => {
    const { paths } = await read();
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const answered = apps[node]!.app.routes.filter(
      ({ method, path }) => method !== 'ALL' && (path === '/evidence/tile/*' || !path.endsWith('*')),
    ).map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}')}`);
    expect(documented.sort()).toEqual([...new Set(answered)].sort());
  });

  it('names a schema wherever JSON comes or goes, and each is there', async () => {
    const document = await read();
    const text = JSON.stringify(document.paths);
    const named = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name!);
    expect(new Set(named).size).toBeGreaterThan(15);
    const role = node === 'east' ? 'exchange' : 'gateway';
    const wanted = operationsOf({ role, isDemo: true }).flatMap(({ body, answer }) => [body, answer]);
    // A FHIR Bundle is HL7's to describe.
    const unknown = wanted.filter((name) => name && name !== 'Bundle' && !(name in document.components.schemas));
    expect(unknown).toEqual([]);
    for (const name of named) expect(document.components.schemas, name).toHaveProperty(name);
    expect(JSON.stringify(document.components)).not.toContain('"$ref":"#/$defs');
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is readable as a page that loads nothing from elsewhere and runs nothing', async () => {
    const response = await apps[node]!.app.request('/docs');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).not.toMatch(/<script|style=|https?:\/\/(?!127)/);
    expect(page).toContain('<code>/api/challenges</code>');
    expect((await apps[node]!.app.request('/docs/style.css')).headers.get('content-type')).toBe('text/css');
  });
});

it('reads the tables that people read', () => {
  const table = ` * | \`GET /api/visits?since=TIME&limit=N\` | → VisitList, newest first |
 * | \`POST /api/letters/:id/resend\`, \`…/discard\` | header → Letters (202) |`;
  expect(parseContractTable(table)).toMatchObject([
    { method: 'get', path: '/api/visits', query: ['since', 'limit'], answer: 'VisitList', status: 200 },
    { method: 'post', path: '/api/letters/:id/resend', answer: 'Letters', status: 202 },
    { method: 'post', path: '/api/letters/:id/discard', status: 202 },
  ]);
});
