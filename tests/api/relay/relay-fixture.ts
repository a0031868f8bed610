import { Hono } from 'hono';
import { digestBase64Url } from '#api/contract/encoding.ts';
import { sealEnvelope, type Envelope } from '#api/contract/envelope.ts';
import { createId } from '#api/contract/ids.ts';
import { encryptTo, type SigningKey } from '#api/contract/jose.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import { createBells } from '#api/http/bells.ts';
import { createExchangeClient, type Fetch } from '#api/http/exchange-client.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { createRequestMemory } from '#api/http/request-memory.ts';
import { createSignedCaller, type KnownCaller } from '#api/http/signed-caller.ts';
import { createContacts } from '#api/relay/contacts.ts';
import type { RelayParts } from '#api/relay/parts.ts';
import { createQuota, DEFAULT_LIMITS, type RelayLimits } from '#api/relay/quota.ts';
import { createRelayRoutes } from '#api/relay/routes.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteRelayStore, relaySchema } from '#api/storage/sqlite/relay.ts';
import { createFaultyDatabase } from '../parties/faults.ts';
import { DAY_MS, describe, later, NOW, type TestExchange, type TestInstitution } from '../parties/parties.ts';

/** An envelope as a gateway makes it, with anything changed before it is signed. */
export async function seal(
  from: TestInstitution,
  to: TestInstitution,
  change: Partial<Envelope> = {},
  key: SigningKey = from.signing,
  text = 'secret',
) {
  const sizeBucket = change.sizeBucket ?? 4096;
  const padded = new Uint8Array(4096).fill(0x20);
  padded.set(new TextEncoder().encode(JSON.stringify({ jws: text })));
  const body = await encryptTo(to.encryption.publicJwk, padded);
  const envelope: Envelope = {
    ...{ version: 1, id: createId(), from: from.id, to: to.id, kind: 'share-request', priority: 'normal' },
    conversation: createId(),
    ...{ created: NOW.toISOString(), expires: later(DAY_MS).toISOString(), digest: digestBase64Url(body) },
    ...change,
    sizeBucket,
  };
  return { envelope, seal: await sealEnvelope(envelope, key), body };
}

/** The relay of one exchange, its HTTP answers, and the clock and the disk in the test's hands. */
export function createRelay(
  self: TestExchange,
  peers: readonly TestExchange[],
  now: () => Date,
  limits: Partial<RelayLimits> = {},
) {
  const { database, fail } = createFaultyDatabase(openSqlite(':memory:', [relaySchema]));
  const viewOf = (own: TestExchange) =>
    createDirectoryView([describe(own, peers), ...peers.map((peer) => describe(peer))], now);
  let view = viewOf(self);
  const store = createSqliteRelayStore(database);
  const parts: RelayParts = {
    ...{ exchange: self.id, key: self.key, now, directory: () => view, bells: createBells() },
    ...{ store, quota: createQuota(store, { ...DEFAULT_LIMITS, ...limits }, now) },
  };
  const callers: readonly KnownCaller[] = [
    { kind: 'member', id: self.member.id, keys: [self.member.signing.publicJwk] },
    ...peers.map(({ id, key }): KnownCaller => ({ kind: 'peer', id, keys: [key.publicJwk] })),
  ];
  const memory = createRequestMemory();
  const findCaller = (id: string) => callers.find((caller) => caller.id === id);
  const contacts = createContacts(now);
  const closing = new AbortController();
  const app = new Hono();
  const failures: unknown[] = [];
  answerProblems(app, (failure) => failures.push(failure));
  app.route(
    '/',
    createRelayRoutes({
      ...{ parts, contacts, closing: closing.signal },
      guard: (options) => createSignedCaller({ exchange: self.id, findCaller, memory, now, ...options }),
      status: {
        ...{ contacts, members: () => [self.member.id], peers: () => peers.map(({ id }) => id) },
        ...{ countVisits: () => Promise.resolve(0), readCheckpoint: () => Promise.resolve(null) },
      },
    }),
  );
  return {
    ...{ parts, app, contacts, database, fail, failures, close: () => closing.abort() },
    /** What the exchange thinks stands behind it. */
    knowItselfAs: (own: TestExchange) => void (view = viewOf(own)),
  };
}

/** Signed calls to an app without a socket. */
export const callTo = (
  app: Hono,
  exchange: string,
  caller: { readonly id: string; readonly key: SigningKey },
  now: () => Date,
  fetch: Fetch = async (url, init) => app.request(new URL(url).pathname + new URL(url).search, init),
) =>
  createExchangeClient({
    ...{ origin: `https://${exchange}.example`, self: caller.id, exchange, key: caller.key, fetch, now },
  });
