import { beforeAll, describe, expect, it } from 'vitest';
import { readClaims } from '#api/contract/jose.ts';
import { Directory } from '#api/contract/directory.ts';
import { createDirectoryBook } from '#api/directory/directory-book.ts';
import { createOwnDirectory, type DirectoryContent } from '#api/directory/own-directory.ts';
import { openExchangeDirectories } from '#api/directory/exchange-directories.ts';
import { openGatewayDirectories } from '#api/directory/gateway-directories.ts';
import { keepDirectoriesFresh } from '#api/directory/keep-fresh.ts';
import { createExchangeDirectoryRoutes } from '#api/directory/routes.ts';
import type { Fetch } from '#api/http/exchange-client.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteDirectoryStore, directorySchema } from '#api/storage/sqlite/directory.ts';
import { createFaultyDatabase } from '../parties/faults.ts';
import {
  createClock,
  createKey,
  createParties,
  DAY_MS,
  describe as contentOf,
  later,
  NOW,
  pin,
  signed,
  type TestExchange,
} from '../parties/parties.ts';

let east: TestExchange;
let west: TestExchange;

beforeAll(async () => {
  ({ east, west } = await createParties());
});

const openStore = () => createSqliteDirectoryStore(openSqlite(':memory:', [directorySchema]));
const signal = new AbortController().signal;
const nowhere: Fetch = () => Promise.reject(new TypeError('connection refused'));

describe('an own directory', () => {
  const issue = (clock: ReturnType<typeof createClock>, store = openStore(), change: object = {}) =>
    createOwnDirectory({ content: contentOf(east, [west], change), key: east.key, store, now: clock.now }).issue();

  it('is signed, expires, and stays the same bytes while nothing changes', async () => {
    const clock = createClock();
    const store = openStore();
    const { jws, directory } = await issue(clock, store);
    expect(readClaims(jws, Directory)).toEqual(directory);
    expect(Date.parse(directory.expires)).toBe(later(7 * DAY_MS).getTime());
    clock.set(later(3 * DAY_MS));
    expect((await issue(clock, store)).jws).toBe(jws);
  });

  it('is issued anew with a larger serial when half its life is over or its content changed', async () => {
    const clock = createClock();
    const store = openStore();
    const first = await issue(clock, store);
    const changed = await issue(clock, store, { logKeys: ['log+1+x'] });
    expect(changed.directory.serial).toBeGreaterThan(first.directory.serial);
    clock.set(later(4 * DAY_MS));
    const renewed = await issue(clock, store, { logKeys: ['log+1+x'] });
    expect(renewed.directory.serial).toBeGreaterThan(changed.directory.serial);
  });

  it('is no downgrade after its database was lost', async () => {
    const clock = createClock();
    const first = await issue(clock);
    clock.set(later(60_000));
    expect((await issue(clock)).directory.serial).toBeGreaterThan(first.directory.serial);
  });

  it.each(['not stored', 'stored but unanswered'] as const)('is not served when it was %s', async (fault) => {
    const { database, fail } = createFaultyDatabase(openSqlite(':memory:', [directorySchema]));
    const store = createSqliteDirectoryStore(database);
    const own = createOwnDirectory({ content: contentOf(east), key: east.key, store, now: () => NOW });
    fail(fault);
    await expect(own.issue()).rejects.toMatchObject({ name: 'DiskFault' });
    const { jws, directory } = await own.issue();
    expect(await store.readAll()).toEqual([{ exchange: 'east', serial: directory.serial, directory: jws }]);
  });
});

describe('a directory that comes from elsewhere', () => {
  const accept = async (jws: string, from = pin(west)) => createDirectoryBook(openStore(), () => NOW).accept(from, jws);

  it('is taken when its pinned key signed it', async () => {
    expect((await accept(await signed(west))).iss).toBe('west');
  });

  it('is refused when another key signed it', async () => {
    const jws = await signed({ ...west, key: await createKey() });
    await expect(accept(jws)).rejects.toMatchObject({ code: 'directory_untrusted' });
  });

  it('is refused as the part of another exchange', async () => {
    await expect(accept(await signed({ ...west, id: 'north' }))).rejects.toMatchObject({ code: 'directory_untrusted' });
  });

  it('is refused with an institution outside its networks', async () => {
    const institutions = contentOf(east).institutions;
    const jws = await signed(west, [], { institutions });
    await expect(accept(jws)).rejects.toMatchObject({ code: 'directory_untrusted' });
  });

  it('is refused after its time', async () => {
    const jws = await signed(west, [], { expires: NOW.toISOString() });
    await expect(accept(jws)).rejects.toMatchObject({ code: 'directory_stale' });
  });

  it.each(['hoshi/../1310000012', 'hoshi%2f1310000012', 'hoshi/131000001２', 'hoshi//310000012'])(
    'is refused with an identifier that plays tricks: %s',
    async (id) => {
      const [institution] = contentOf(west).institutions;
      const jws = await signed(west, [], { institutions: [{ ...institution!, id }] });
      await expect(accept(jws)).rejects.toMatchObject({ code: 'directory_untrusted' });
    },
  );

  it('is refused as a downgrade, also after a restart', async () => {
    const store = openStore();
    const book = createDirectoryBook(store, () => NOW);
    await book.accept(pin(west), await signed(west, [], { serial: 7 }));
    const old = await signed(west, [], { serial: 6 });
    await expect(book.accept(pin(west), old)).rejects.toMatchObject({ code: 'directory_downgrade' });
    const restarted = createDirectoryBook(store, () => NOW);
    await expect(restarted.accept(pin(west), old)).rejects.toMatchObject({ code: 'directory_downgrade' });
  });

  it('is refused when its exchange says two things with one serial', async () => {
    const book = createDirectoryBook(openStore(), () => NOW);
    await book.accept(pin(west), await signed(west));
    const other = await signed(west, [], { logKeys: ['other+1+x'] });
    await expect(book.accept(pin(west), other)).rejects.toMatchObject({ code: 'directory_untrusted' });
  });

  it('is refused when it claims a network of another exchange', async () => {
    const book = createDirectoryBook(openStore(), () => NOW);
    await book.accept(pin(east), await signed(east));
    const { networks } = contentOf(east);
    const greedy = await signed(west, [], { networks: [...contentOf(west).networks, ...networks] });
    await expect(book.accept(pin(west), greedy)).rejects.toMatchObject({ code: 'directory_untrusted' });
  });
});

describe('what is looked up', () => {
  const openBook = async (clock = createClock()) => {
    const book = createDirectoryBook(openStore(), clock.now);
    await book.accept(pin(east), await signed(east, [west]));
    return { book, clock };
  };

  it('is an institution with its keys and its exchange', async () => {
    const { book } = await openBook();
    expect(book.view.findInstitution(east.member.id)).toMatchObject({ id: east.member.id, exchange: 'east' });
    expect(await book.view.institutionKeys(east.member.id)({ kid: east.member.signing.kid })).toBeDefined();
    expect(await book.view.exchangeKeys('east')({ kid: east.key.kid })).toBeDefined();
    expect(await book.view.exchangeKeys('east')({ kid: east.member.signing.kid })).toBeUndefined();
    expect(await book.view.exchangeKeys('nobody')({ kid: east.key.kid })).toBeUndefined();
  });

  it('is refused by name when it is unknown, not there yet, or over', async () => {
    const { book, clock } = await openBook();
    const find = (id: string) => () => book.view.findInstitution(id);
    expect(find('sakura/9999999999')).toThrow(expect.objectContaining({ code: 'recipient_unknown' }));
    expect(find('hoshi/1310000012')).toThrow(expect.objectContaining({ code: 'recipient_unknown' }));
    const stale = { code: 'directory_stale' };
    await expect(book.view.institutionKeys('hoshi/1310000012')({ kid: 'x' })).rejects.toMatchObject(stale);
    await expect(book.view.exchangeKeys('west')({ kid: 'x' })).rejects.toMatchObject(stale);
    clock.set(later(8 * DAY_MS));
    expect(find(east.member.id)).toThrow(expect.objectContaining(stale));
    await expect(book.view.exchangeKeys('east')({ kid: east.key.kid })).rejects.toMatchObject(stale);
    expect(book.view.list().institutions.map(({ id }) => id)).toEqual([east.member.id]);
  });
});

describe('between servers', () => {
  /** WEST and EAST over their real routes, without sockets. */
  function createWorld() {
    const apps = new Map<string, { request(path: string): Response | Promise<Response> }>();
    const fetch: Fetch = async (url) => {
      const { hostname, pathname } = new URL(url);
      const app = apps.get(hostname.split('.')[0]!);
      if (!app) throw new TypeError('connection refused');
      return app.request(pathname);
    };
    const openExchange = async (
      self: TestExchange,
      peer: TestExchange,
      store = openStore(),
      more: Partial<DirectoryContent> = {},
    ) => {
      const content = { ...contentOf(self, [peer]), ...more };
      const directories = await openExchangeDirectories({ content, key: self.key, store, now: () => NOW, fetch });
      apps.set(self.id, createExchangeDirectoryRoutes(directories));
      return directories;
    };
    const openGateway = (store = openStore(), answer = fetch) =>
      openGatewayDirectories({
        exchange: { ...pin(west), origin: 'https://west.example' },
        ...{ store, fetch: answer, now: () => NOW },
      });
    return { apps, fetch, openExchange, openGateway };
  }

  it('an exchange does not take a network for its own that a peer has', async () => {
    const { openExchange } = createWorld();
    const store = openStore();
    await openExchange(west, east);
    const before = await openExchange(east, west, store);
    await before.refresh(signal);
    const networks = [...contentOf(east).networks, ...contentOf(west).networks];
    await expect(openExchange(east, west, store, { networks })).rejects.toMatchObject({ code: 'directory_untrusted' });
    // What others have of it is not touched.
    const after = await openExchange(east, west, store);
    expect((await after.serve()).own).toBe((await before.serve()).own);
  });

  it('a gateway learns its exchange and the peers that one pinned, and keeps them', async () => {
    const { openExchange, openGateway } = createWorld();
    await openExchange(east, west);
    const atWest = await openExchange(west, east);
    expect(await atWest.refresh(signal)).toEqual([]);
    const store = openStore();
    const gateway = await openGateway(store);
    expect(await gateway.refresh(signal)).toEqual([]);
    expect(gateway.book.view.findInstitution(east.member.id).exchange).toBe('east');

    const offline = await openGateway(store, nowhere);
    expect(offline.book.view.findInstitution(east.member.id).exchange).toBe('east');
    expect(await offline.refresh(signal)).toMatchObject([
      { exchange: 'west', problem: { code: 'exchange_unreachable' } },
    ]);
    expect(offline.book.view.findInstitution(east.member.id).exchange).toBe('east');
  });

  it('a gateway says which peer is not there yet', async () => {
    const { openExchange, openGateway } = createWorld();
    await openExchange(west, east);
    const gateway = await openGateway();
    expect(await gateway.refresh(signal)).toMatchObject([{ exchange: 'east', problem: { code: 'directory_stale' } }]);
  });

  it('a gateway takes no peer that its exchange did not pin, and forgets one that it unpinned', async () => {
    const { apps, openGateway } = createWorld();
    const answer = async (peers: readonly TestExchange[], serial: number) => {
      const own = await signed(west, peers, { serial });
      const directories = [{ exchange: 'east', directory: await signed(east) }];
      apps.set('west', { request: () => Response.json({ own, peers: directories }) });
    };
    const gateway = await openGateway();
    await answer([east], 1);
    expect(await gateway.refresh(signal)).toEqual([]);
    await answer([], 2);
    expect(await gateway.refresh(signal)).toMatchObject([
      { exchange: 'east', problem: { code: 'directory_untrusted' } },
    ]);
    expect(gateway.book.view.exchangeOf(east.member.id)).toBeUndefined();
  });

  it('one peer’s refused directory keeps no other from being taken', async () => {
    const { apps, openExchange } = createWorld();
    apps.set('west', { request: () => new Response('not here', { status: 500 }) });
    const atEast = await openExchange(east, west);
    expect(await atEast.refresh(signal)).toMatchObject([
      { exchange: 'west', problem: { code: 'exchange_unreachable' } },
    ]);
    expect((await atEast.serve()).peers).toEqual([]);
    await openExchange(west, east);
    expect(await atEast.refresh(signal)).toEqual([]);
    expect((await atEast.serve()).peers.map(({ exchange }) => exchange)).toEqual(['west']);
  });

  it('are refreshed until the end, and a failure that stays is reported once', async () => {
    const end = new AbortController();
    const { openGateway } = createWorld();
    const gateway = await openGateway();
    let rounds = 0;
    const reported: string[] = [];
    await keepDirectoriesFresh(
      {
        refresh(rest) {
          rounds += 1;
          if (rounds === 5) end.abort();
          return gateway.refresh(rest);
        },
      },
      {
        ...{ signal: end.signal, random: () => 0, pace: { baseMs: 1, capMs: 1 } },
        report: ({ problem }) => reported.push(problem.code),
      },
    );
    expect([rounds, reported]).toEqual([5, ['exchange_unreachable']]);
  });
});
