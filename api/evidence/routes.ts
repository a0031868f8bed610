import { Hono } from 'hono';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { parseTilePath, type TilePath } from '../contract/evidence/tiles.ts';
import type { EvidenceLog } from './log.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';

/**
 * The log as static resources (C2SP tlog-tiles, APIs): `/checkpoint`, `/tile/…`, `/tile/entries/…`. Public: a leaf
 * says nothing without its salt, and verifiers come from other origins.
 */
export function createEvidenceRoutes(log: EvidenceLog) {
  return new Hono()
    .use(async (c, next) => {
      await next();
      c.header('Access-Control-Allow-Origin', '*');
      c.header('X-Content-Type-Options', 'nosniff');
    })
    .get('/checkpoint', async (c) => {
      const { note } = await log.latestCheckpoint();
      return c.body(note, 200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' });
    })
    .get('/tile/*', async (c) => {
      const path = readTilePath(c.req.path);
      const bytes = path && (await log.readTile(path));
      // What does not exist now may exist in a moment.
      if (!bytes) return c.text('no such tile\n', 404, { 'Cache-Control': 'no-store' });
      return c.body(new Uint8Array(bytes), 200, {
        'Content-Type': 'application/octet-stream',
        'Cache-Control': IMMUTABLE,
      });
    });
}

function readTilePath(path: string): TilePath | undefined {
  try {
    return parseTilePath(path.slice(path.lastIndexOf('/tile/') + 1));
  } catch (error) {
    if (error instanceof EvidenceError) return undefined;
    throw error;
  }
}
