import { expect, it } from 'vitest';
import type { ServerStatus } from '#lib/api/server-status.ts';
import { ServerStatus as Schema } from '#lib/api/server-status.ts';
import { Connection } from '#lib/app/connection.svelte.ts';
import { HeardTime } from '#lib/app/heard-time.ts';
import { createKept } from '#lib/app/kept.ts';
import { ServerClock } from '#lib/app/server-clock.svelte.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';

const STATUS: ServerStatus = {
  role: 'gateway',
  institution: { id: 'sakura/1310000012', name: { ja: '病院', en: 'Hospital' } },
  exchange: { id: 'east', name: { ja: '東', en: 'East' }, reachable: true },
  demo: false,
  time: '2026-11-22T03:00:00.000Z',
  checkpoint: null,
  waitingForExchange: 0,
  terminalCodeRequired: false,
  needsSetUp: false,
  letterKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) },
};

function open(store = createMemoryStore(), hasServer = true) {
  const server = { isThere: true, asked: 0 };
  const connection = new Connection({
    hasServer,
    fetchStatus: () => {
      server.asked += 1;
      return server.isThere ? Promise.resolve(STATUS) : Promise.reject(new TypeError('gone'));
    },
    kept: createKept(store, 'status', Schema),
    clock: new ServerClock({
      deviceNow: () => new Date('2026-11-22T03:07:00Z'),
      kept: createKept(store, 'clock', HeardTime),
    }),
  });
  return { connection, server, store };
}

it('asks before it says anything', async () => {
  const { connection } = open();
  expect(connection.state).toBe('checking');
  await connection.refresh();
  expect([connection.state, connection.gateway?.institution.id]).toEqual(['online', 'sakura/1310000012']);
});

it('remembers offline what the server last said, also after a reload', async () => {
  const { connection, store } = open();
  await connection.refresh();
  const later = open(store);
  later.server.isThere = false;
  expect(later.connection.gateway?.exchange.id).toBe('east');
  await later.connection.refresh();
  expect([later.connection.state, later.connection.gateway?.exchange.id]).toEqual(['offline', 'east']);
});

it('tells when the server comes back, and only then', async () => {
  const { connection, server } = open();
  let times = 0;
  const stop = connection.onReconnect(() => (times += 1));
  await connection.refresh();
  await connection.refresh();
  expect(times).toBe(1);
  server.isThere = false;
  await connection.refresh();
  server.isThere = true;
  await connection.refresh();
  expect(times).toBe(2);
  stop();
  server.isThere = false;
  await connection.refresh();
  server.isThere = true;
  await connection.refresh();
  expect(times).toBe(2);
});

it('asks once for callers that come together', async () => {
  const { connection, server } = open();
  await Promise.all([connection.refresh(), connection.refresh()]);
  expect(server.asked).toBe(1);
});

it('measures how far the clock is off', async () => {
  const { connection } = open();
  await connection.refresh();
  expect(connection.clockOffsetMs).toBe(7 * 60_000);
});

it('forgets a status that this version cannot read', async () => {
  const store = createMemoryStore();
  await store.writeFact('status', { role: 'toaster' });
  expect(open(store).connection.status).toBeUndefined();
});

it('takes the server for a gateway until it was reached, and asks nobody where there is none', async () => {
  expect(open().connection.server).toBe('gateway');
  const { connection, server } = open(createMemoryStore(), false);
  expect([connection.server, connection.state]).toEqual(['none', 'offline']);
  await connection.refresh();
  expect([server.asked, connection.state]).toEqual([0, 'offline']);
});
