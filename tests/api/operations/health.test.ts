import { beforeAll, describe, expect, it } from 'vitest';
import { Health } from '#api/contract/health.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import { createHealthRoutes, type HealthProbe } from '#api/operations/health.ts';
import {
  probeClock,
  probeDirectory,
  probeDisk,
  probeEvidence,
  probeOthers,
  probeStore,
} from '#api/operations/probes.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteProbeStore, probeSchema } from '#api/storage/sqlite/probe.ts';
import { createFaultyDatabase } from '../parties/faults.ts';
import {
  createClock,
  createParties,
  DAY_MS,
  describe as contentOf,
  later,
  NOW,
  type TestExchange,
} from '../parties/parties.ts';

let east: TestExchange;
let west: TestExchange;
beforeAll(async () => {
  ({ east, west } = await createParties());
});

const machine = (change: { uptimeMs?: () => number; free?: number } = {}) => ({
  uptimeMs: change.uptimeMs ?? (() => 0),
  freeBytes: () => Promise.resolve(change.free ?? 10 ** 12),
});

async function ask(probe: HealthProbe, path = '/healthz') {
  const response = await createHealthRoutes({ probes: [probe], now: () => NOW, patienceMs: 20 }).request(path);
  if (path !== '/healthz') return { status: response.status, state: undefined, checks: [] };
  return { status: response.status, ...Health.parse(await response.json()) };
}

describe('health fails, and the server is not ready', () => {
  it.each(['not stored', 'stored but unanswered'] as const)('when a write is %s', async (fault) => {
    const { database, fail } = createFaultyDatabase(openSqlite(':memory:', [probeSchema]));
    const probe = probeStore(createSqliteProbeStore(database), machine(), () => NOW);
    expect(await ask(probe)).toMatchObject({ status: 200, state: 'ok' });
    fail(fault);
    expect(await ask(probe)).toMatchObject({ status: 503, state: 'failing' });
    fail(fault);
    expect((await ask(probe, '/readyz')).status).toBe(503);
    expect((await ask(probe, '/readyz')).status).toBe(204);
  });

  it('when the database is closed', async () => {
    const database = openSqlite(':memory:', [probeSchema]);
    const store = createSqliteProbeStore(database);
    await database.close();
    expect(await ask(probeStore(store, machine(), () => NOW))).toMatchObject({ status: 503 });
  });

  it('when a look does not end', async () => {
    expect(await ask({ name: 'store', look: () => new Promise(() => {}) })).toMatchObject({ status: 503 });
  });

  it('when the disk is full', async () => {
    expect(await ask(probeDisk(machine({ free: 10 ** 7 })))).toMatchObject({ status: 503 });
    expect(await ask(probeDisk(machine({ free: 5 * 10 ** 8 })))).toMatchObject({ status: 200, state: 'degraded' });
    expect(await ask(probeDisk(machine()))).toMatchObject({ state: 'ok' });
  });

  it('when the clock jumps, either way, or stands before what was signed by it', async () => {
    const clock = createClock();
    const view = () => createDirectoryView([contentOf(east)], clock.now);
    const probe = probeClock(machine(), clock.now, view);
    expect(await ask(probe)).toMatchObject({ state: 'ok' });
    clock.set(later(3_600_000));
    expect(await ask(probe)).toMatchObject({ status: 503 });
    clock.set(later(-3_600_000));
    expect(await ask(probe)).toMatchObject({ status: 503 });
    expect(await ask(probeClock(machine(), clock.now, view))).toMatchObject({ status: 503 });
  });

  it('when the own directory has expired or is not there; a peer’s only degrades', async () => {
    const at = (ms: number) => () => later(ms);
    const own = contentOf(east);
    const peers = contentOf(west, [], { expires: later(DAY_MS).toISOString() });
    const view = createDirectoryView([own, peers], () => NOW);
    expect(await ask(probeDirectory(() => view, 'east', at(0)))).toMatchObject({ state: 'ok' });
    expect(await ask(probeDirectory(() => view, 'east', at(2 * DAY_MS)))).toMatchObject({
      status: 200,
      state: 'degraded',
    });
    expect(await ask(probeDirectory(() => view, 'east', at(8 * DAY_MS)))).toMatchObject({ status: 503 });
    expect(await ask(probeDirectory(() => view, 'north', at(0)))).toMatchObject({ status: 503 });
  });

  it('when leaves do not get into the log; a log that moves on is well', async () => {
    let uptime = 0;
    const sizes = { leaves: 5, integrated: 3 };
    const probe = probeEvidence(() => Promise.resolve(sizes), machine({ uptimeMs: () => uptime }));
    expect(await ask(probe)).toMatchObject({ state: 'ok' });
    uptime = 30_000;
    expect(await ask(probe)).toMatchObject({ status: 200, state: 'degraded' });
    uptime = 200_000;
    expect(await ask(probe)).toMatchObject({ status: 503 });
    Object.assign(sizes, { leaves: 9, integrated: 7 });
    expect(await ask(probe)).toMatchObject({ state: 'ok' });
  });
});

it('others that are away degrade, and no more', async () => {
  expect(await ask(probeOthers('peers', () => Promise.resolve(1)))).toMatchObject({ status: 200, state: 'degraded' });
  expect(await ask(probeOthers('exchange', () => Promise.resolve(0)))).toMatchObject({ state: 'ok' });
});

it('asking often does not become work', async () => {
  let looks = 0;
  const probe: HealthProbe = { name: 'store', look: () => Promise.resolve({ state: 'ok', value: (looks += 1) }) };
  const app = createHealthRoutes({ probes: [probe], now: () => NOW });
  await Promise.all(Array.from({ length: 20 }, async () => app.request('/healthz')));
  expect(looks).toBe(1);
});
