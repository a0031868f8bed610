import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { encodeTilePath, parseEntries } from '../../../api/contract/evidence/tiles.ts';
import { hashLeaf } from '../../../api/contract/evidence/tree-hash.ts';
import { createEvidenceRoutes } from '../../../api/evidence/routes.ts';
import { leaf, openTestLog } from './evidence-fixture.ts';

async function serve(size: number) {
  const { open, append } = await openTestLog();
  await append(size);
  const log = await open();
  const app = new Hono().route('/evidence', createEvidenceRoutes(log));
  return { log, get: (path: string) => app.request(`/evidence/${path}`) };
}

describe('tiles over HTTP', () => {
  it('serves the checkpoint as text that is not cached', async () => {
    const { get, log } = await serve(3);
    const response = await get('checkpoint');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.text()).toBe((await log.latestCheckpoint()).note);
  });

  it('serves every tile the size demands, full and partial, for ever', async () => {
    const { get } = await serve(600);
    const expected = [
      { path: { kind: 'hashes', level: 0, index: 0, width: 256 }, bytes: 8192 },
      { path: { kind: 'hashes', level: 0, index: 2, width: 88 }, bytes: 88 * 32 },
      { path: { kind: 'hashes', level: 1, index: 0, width: 2 }, bytes: 64 },
      { path: { kind: 'hashes', level: 0, index: 1, width: 7 }, bytes: 7 * 32 },
      { path: { kind: 'entries', level: 0, index: 2, width: 88 }, bytes: 88 * 34 },
    ] as const;
    for (const { path, bytes } of expected) {
      const response = await get(encodeTilePath(path));
      expect(response.headers.get('content-type')).toBe('application/octet-stream');
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect((await response.arrayBuffer()).byteLength).toBe(bytes);
    }
  });

  it('serves entries that hash to the tile of level 0', async () => {
    const { get } = await serve(300);
    const entries = parseEntries(new Uint8Array(await (await get('tile/entries/001.p/44')).arrayBuffer()));
    const hashes = Buffer.from(await (await get('tile/0/001.p/44')).arrayBuffer());
    expect(entries[0]).toEqual(leaf(256));
    expect(Buffer.concat(entries.map(hashLeaf))).toEqual(hashes);
  });

  it.each([
    'tile/0/002',
    'tile/0/001',
    'tile/0/001.p/45',
    'tile/1/000',
    'tile/2/000.p/1',
    'tile/entries/001',
    'tile/x',
    'tile/0/1',
  ])('has no %s for 300 leaves, and says so without being cached', async (path) => {
    const { get } = await serve(300);
    const response = await get(path);
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });

  it('does not serve leaves that no checkpoint covers', async () => {
    const { open, append } = await openTestLog();
    const log = await open();
    await append(2);
    const app = createEvidenceRoutes(log);
    expect((await app.request('/tile/entries/000.p/2')).status).toBe(404);
  });
});
