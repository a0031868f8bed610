import { Hono } from 'hono';
import { createDirectoryView } from '../../api/directory/directory-view.ts';
import { createBells } from '../../api/http/bells.ts';
import { answerProblems } from '../../api/http/problem-answer.ts';
import { createRequestMemory } from '../../api/http/request-memory.ts';
import { createSignedCaller, type KnownCaller } from '../../api/http/signed-caller.ts';
import { createContacts } from '../../api/relay/contacts.ts';
import type { RelayParts } from '../../api/relay/parts.ts';
import { createQuota, DEFAULT_LIMITS } from '../../api/relay/quota.ts';
import { createRelayRoutes } from '../../api/relay/routes.ts';
import { openSqlite } from '../../api/storage/sqlite/database.ts';
import { createSqliteRelayStore, relaySchema } from '../../api/storage/sqlite/relay.ts';
import { describeExchange, type ExchangeParty } from './parties.ts';

/** The relay of one exchange as a server composes it, on a database of its own. */
export function createNode(self: ExchangeParty, all: readonly ExchangeParty[], databasePath: string) {
  const now = () => new Date();
  const database = openSqlite(databasePath, [relaySchema]);
  const store = createSqliteRelayStore(database);
  const view = createDirectoryView(
    all.map((exchange) => describeExchange(exchange, all)),
    now,
  );
  const parts: RelayParts = {
    ...{ exchange: self.id, key: self.key, store, now, directory: () => view, bells: createBells() },
    quota: createQuota(store, DEFAULT_LIMITS, now),
  };
  const callers = new Map<string, KnownCaller>();
  for (const { id, signing } of self.members) callers.set(id, { kind: 'member', id, keys: [signing.publicJwk] });
  for (const { id, key } of all) {
    if (id !== self.id) callers.set(id, { kind: 'peer', id, keys: [key.publicJwk] });
  }
  const memory = createRequestMemory();
  const contacts = createContacts(now);
  const closing = new AbortController();
  const app = new Hono();
  answerProblems(app, (failure) => console.error(failure));
  app.route(
    '/',
    createRelayRoutes({
      ...{ parts, contacts, closing: closing.signal },
      guard: (options) =>
        createSignedCaller({ exchange: self.id, findCaller: (id) => callers.get(id), memory, now, ...options }),
      status: {
        ...{ contacts, members: () => [], peers: () => [] },
        ...{ countVisits: () => Promise.resolve(0), readCheckpoint: () => Promise.resolve(null) },
      },
    }),
  );
  return {
    ...{ app, parts, view, database },
    async close() {
      closing.abort();
      await database.close();
    },
  };
}
