import { Hono } from 'hono';
import { createId } from '#api/contract/ids.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import { createBells } from '#api/http/bells.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { createRequestMemory } from '#api/http/request-memory.ts';
import { createSignedCaller } from '#api/http/signed-caller.ts';
import { keepForwarding } from '#api/relay/forward.ts';
import type { RelayLimits } from '#api/relay/quota.ts';
import { keepReturningReceipts } from '#api/relay/return-receipts.ts';
import { createDeliveryRoutes } from '#api/relay/post-office/delivery-routes.ts';
import { keepBringing } from '#api/relay/push.ts';
import { createPostOffice } from '#api/relay/post-office/post-office.ts';
import type { EnvelopeHandler } from '#api/relay/post-office/parts.ts';
import type { OutgoingEnvelope } from '#api/storage/post-office.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import {
  createSqlitePostOfficeStore,
  enqueueEnvelope,
  noteHandled,
  postOfficeSchema,
} from '#api/storage/sqlite/post-office.ts';
import { createFaultyDatabase, createFaultyFetch } from '../parties/faults.ts';
import { DAY_MS, describe, later, NOW, type TestExchange, type TestInstitution } from '../parties/parties.ts';
import { callTo, createRelay, seal } from './relay-fixture.ts';

const FAST = { baseMs: 1, capMs: 5 };

/** A clock on which a second passes in a millisecond: what is done at leisure is done at once. */
const now = () => new Date(NOW.getTime() + (Math.round(performance.now() * 1000) % DAY_MS));

/** Waits for a condition that background work brings about. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** A gateway's post office with a diary for a handler: what arrived is stored with the note that it was handled. */
function createOffice(self: TestExchange, parties: readonly TestExchange[], relay: ReturnType<typeof createRelay>) {
  const disk = createFaultyDatabase(openSqlite(':memory:', [postOfficeSchema]));
  disk.database.connection.exec('CREATE TABLE diary (envelope TEXT PRIMARY KEY, jws TEXT NOT NULL)');
  const view = createDirectoryView(
    parties.map((party) => describe(party)),
    () => NOW,
  );
  const network = createFaultyFetch(async (url, init) =>
    relay.app.request(new URL(url).pathname + new URL(url).search, init),
  );
  const caller = { id: self.member.id, key: self.member.signing };
  const store = createSqlitePostOfficeStore(disk.database);
  const office = createPostOffice({
    ...{ institution: self.member.id, signingKey: self.member.signing, decryptionKeys: [self.member.encryption] },
    ...{ client: callTo(relay.app, self.id, caller, now, network.fetch), store, bells: createBells() },
    ...{ directory: () => view, now },
  });
  const note: EnvelopeHandler = (envelope, jws) =>
    disk.database.write((db) => {
      if (!noteHandled(db, envelope.id, now())) return;
      db.prepare('INSERT INTO diary (envelope, jws) VALUES (?, ?)').run(envelope.id, jws);
    });
  async function queue(outgoing: OutgoingEnvelope): Promise<OutgoingEnvelope> {
    await disk.database.write((db) => enqueueEnvelope(db, outgoing));
    office.wake();
    return outgoing;
  }

  return {
    ...{ office, store, disk, network, note },
    /** Stores a message with its envelope, as a feature would. */
    async send(to: string, jws: string, change: { readonly conversation?: string; readonly expires?: Date } = {}) {
      const message = { kind: 'release', conversation: createId(), expires: later(5 * DAY_MS), ...change } as const;
      return queue(await office.prepare({ to, jws, ...message }));
    },
    /** Sends an envelope whose body is encrypted to someone else than its recipient. */
    async misdirect(to: string, reader: TestInstitution, statement: string | null = null) {
      const {
        envelope,
        seal: signed,
        body,
      } = await seal(self.member, reader, { to, expires: later(5 * DAY_MS).toISOString() });
      const { id, kind, priority, conversation, digest } = envelope;
      const times = { created: NOW, expires: new Date(envelope.expires) };
      return queue({ id, to, kind, priority, conversation, digest, body, seal: signed, statement, ...times });
    },
    diary: () =>
      disk.database.connection
        .prepare<[], { jws: string }>('SELECT jws FROM diary ORDER BY rowid')
        .all()
        .map(({ jws }) => jws),
  };
}

/** B ─ WEST ═ EAST ─ A, every loop running, each line breakable. */
export function createNetwork(
  { east, west }: { readonly east: TestExchange; readonly west: TestExchange },
  wrong: {
    readonly atEast?: Partial<RelayLimits>;
    readonly eastKnowsItselfAs?: TestExchange;
    /** EAST brings A its mail. */
    readonly brings?: boolean;
  } = {},
) {
  const [atEast, atWest] = [createRelay(east, [west], now, wrong.atEast), createRelay(west, [east], now)];
  if (wrong.eastKnowsItselfAs) atEast.knowItselfAs(wrong.eastKnowsItselfAs);
  const [a, b] = [createOffice(east, [east, west], atEast), createOffice(west, [west, east], atWest)];
  const end = new AbortController();
  const failures: unknown[] = [];
  const options = {
    signal: end.signal,
    random: () => 0,
    pace: FAST,
    report: (failure: unknown) => failures.push(failure),
  };
  const border = createFaultyFetch(async (url, init) => {
    const { hostname, pathname, search } = new URL(url);
    return (hostname.startsWith('east') ? atEast : atWest).app.request(pathname + search, init);
  });
  const toEast = callTo(atEast.app, 'east', { id: 'west', key: west.key }, now, border.fetch);
  const toWest = callTo(atWest.app, 'west', { id: 'east', key: east.key }, now, border.fetch);
  const toA = createFaultyFetch(async (url, init) => desk.request(new URL(url).pathname, init));
  const findCaller = (id: string) =>
    id === 'east' ? ({ kind: 'peer', id, keys: [east.key.publicJwk] } as const) : undefined;
  const caller = { exchange: east.member.id, findCaller, memory: createRequestMemory(), now };
  const desk = new Hono();
  answerProblems(desk, (failure) => failures.push(failure));
  desk.route(
    '/',
    createDeliveryRoutes(a.office, (guard) => createSignedCaller({ ...caller, ...guard })),
  );
  const gatewayA = callTo(desk, east.member.id, { id: 'east', key: east.key }, now, toA.fetch);
  const refusals: string[] = [];
  let running: readonly Promise<void>[] = [];
  return {
    ...{ atEast, atWest, a, b, border, toA, desk, failures, refusals, now },
    mend: () => atEast.knowItselfAs(east),
    start: (handler: EnvelopeHandler = a.note) => {
      const handlersOf = (handle: EnvelopeHandler) => ({
        ...{
          'share-request': handle,
          release: handle,
          refusal: handle,
          'delivery-receipt': handle,
          dispensing: handle,
        },
      });
      running = [
        ...(wrong.brings ? [keepBringing(atEast.parts, gatewayA, options)] : []),
        keepForwarding(atWest.parts, toEast, options),
        keepForwarding(atEast.parts, toWest, options),
        keepReturningReceipts(atEast.parts, toWest, options),
        keepReturningReceipts(atWest.parts, toEast, options),
        a.office.run(handlersOf(handler), {
          ...{ ...options, waitSeconds: 1, lookEveryMs: 1 },
          onRefusal: (_envelope, problem) => refusals.push(problem.code),
        }),
        b.office.run(handlersOf(b.note), { ...options, waitSeconds: 1, lookEveryMs: 1 }),
      ];
    },
    async stop() {
      end.abort();
      atEast.close();
      atWest.close();
      await Promise.all(running);
    },
  };
}
