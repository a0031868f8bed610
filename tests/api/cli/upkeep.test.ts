import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runExchange } from '#api/cli/exchange/run.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteGatewayStores, GATEWAY_SCHEMAS } from '#api/storage/sqlite/gateway-stores.ts';
import { createKey, DAY_MS, later, NOW } from '../parties/parties.ts';

/** A gateway that does not run, with three messages that it handled: yesterday, a year and two years ago. */
async function openGateway(database: unknown = 'a.sqlite') {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-upkeep-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const name = { ja: '病院', en: 'Hospital' };
  const { kty, crv, x, y } = (await createKey()).publicJwk;
  const exchange = {
    id: 'east',
    name,
    origin: 'https://east.example',
    signingKeys: [{ kty, crv, x, y }],
    logKeys: ['k'],
  };
  const config = {
    ...{ role: 'gateway', listen: { port: 4200 }, origin: 'https://a.example', database, exchange },
    ...{ institution: { id: 'sakura/1310000012', name }, keys: { signing: 's.json', encryption: 'e.json' } },
    ...{ hpki: { anchors: 'h.pem', world: 'test' }, retention: { envelopes: 400 } },
  };
  writeFileSync(join(folder, 'a.json'), JSON.stringify(config));
  const path = join(folder, 'a.sqlite');
  const opened = openSqlite(path, GATEWAY_SCHEMAS);
  for (const days of [1, 365, 730]) {
    const at = later(-days * DAY_MS).getTime();
    await opened.write((db) => db.prepare('INSERT INTO handled_envelope VALUES (?, ?)').run(`${days}`, at));
  }
  await createSqliteGatewayStores(opened).close();
  return {
    folder,
    async handled() {
      const again = openSqlite(path, GATEWAY_SCHEMAS);
      const ids = again.connection.prepare<[], string>('SELECT id FROM handled_envelope ORDER BY at').pluck().all();
      await again.close();
      return ids;
    },
    async run(...args: readonly string[]) {
      const said: string[] = [];
      const away = () => Promise.reject(new TypeError('fetch failed'));
      const world = { cwd: folder, ask: undefined, fetch: away, now: () => NOW, locale: 'en' };
      const write = (line: string) => void said.push(line);
      const code = await runExchange([...args, '--config', 'a.json'], { ...world, write });
      return { code, said: said.join('\n') };
    },
  };
}

it('purges by command, says how much of which class, and only counts in a dry run', async () => {
  const gateway = await openGateway();
  const dry = await gateway.run('purge', '--dry-run', '--json');
  expect(JSON.parse(dry.said)).toMatchObject({
    dryRun: true,
    counts: { envelopes: 1, visits: 0 },
    before: { sendLog: null },
  });
  expect(await gateway.handled()).toEqual(['730', '365', '1']);
  expect(await gateway.run('purge')).toMatchObject({ code: 0 });
  expect(await gateway.handled()).toEqual(['365', '1']);
  expect(JSON.parse((await gateway.run('purge', '--json')).said)).toMatchObject({ counts: { envelopes: 0 } });
});

it('makes a backup and puts it back, by command', async () => {
  const gateway = await openGateway();
  expect(await gateway.run('backup', 'make', 'kept')).toMatchObject({ code: 0 });
  await gateway.run('purge');
  expect(await gateway.run('backup', 'restore', 'kept')).toMatchObject({ code: 1 });
  expect(await gateway.handled()).toEqual(['365', '1']);
  expect(await gateway.run('backup', 'restore', 'kept', '--replace')).toMatchObject({ code: 0 });
  expect(await gateway.handled()).toEqual(['730', '365', '1']);
});

it('leaves backups of PostgreSQL to its own tools', async () => {
  const gateway = await openGateway({ url: 'postgresql://127.0.0.1:1/none' });
  for (const command of ['make', 'restore']) {
    const { code, said } = await gateway.run('backup', command, 'kept');
    expect([code, said.includes('pg_dump')]).toEqual([1, true]);
  }
});
