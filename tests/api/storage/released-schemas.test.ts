import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { computeRoot } from '#api/operations/backup.ts';
import { openSqliteExchangeStores } from '#api/storage/sqlite/exchange-stores.ts';
import { openSqliteGatewayStores } from '#api/storage/sqlite/gateway-stores.ts';

/** A database as a released version left it: what the story of that version wrote, as SQL. */
function openReleased(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-released-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'released.sqlite');
  const connection = new Database(path);
  connection.exec(readFileSync(fileURLToPath(new URL(`../../fixtures/${name}.sql`, import.meta.url)), 'utf8'));
  connection.close();
  return path;
}

function countRows(path: string): ReadonlyMap<string, number> {
  const connection = new Database(path, { readonly: true });
  try {
    const tables = connection
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all();
    const count = (name: string) =>
      connection.prepare<[], { n: number }>(`SELECT count(*) AS n FROM "${name}"`).get()?.n ?? 0;
    return new Map(tables.map(({ name }) => [name, count(name)]));
  } finally {
    connection.close();
  }
}

describe('what version 0.1.0 wrote', () => {
  it.each(['exchange-0.1.0', 'gateway-0.1.0'])('%s opens in this release, and again, with every row', async (name) => {
    const path = openReleased(name);
    const before = countRows(path);
    expect(Math.max(...before.values())).toBeGreaterThan(0);
    const open = name.startsWith('exchange') ? openSqliteExchangeStores : openSqliteGatewayStores;
    await open(path).close();
    await open(path).close();
    const after = countRows(path);
    for (const [table, rows] of before) {
      if (table !== 'schema_version') expect([table, after.get(table)]).toEqual([table, rows]);
    }
  });

  it('is an exchange whose log, visits and envelopes are there', async () => {
    const stores = openSqliteExchangeStores(openReleased('exchange-0.1.0'));
    const checkpoint = await stores.evidence.readLatestCheckpoint();
    expect(checkpoint?.size).toBeGreaterThan(0);
    expect(await computeRoot(stores.evidence, checkpoint!.size)).toEqual(checkpoint!.root);
    expect(await stores.visits.count()).toBe(1);
    const envelopes = await stores.relay.readRecent(10);
    expect(envelopes.map(({ state }) => state)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    await stores.close();
  });

  it('is a gateway whose visits and send log are there', async () => {
    const stores = openSqliteGatewayStores(openReleased('gateway-0.1.0'));
    const visits = await stores.visits.list({ limit: 10 });
    expect(visits.length).toBe(1);
    await stores.close();
  });
});
