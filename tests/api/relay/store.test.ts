import { describe } from 'vitest';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteRelayStore, relaySchema } from '#api/storage/sqlite/relay.ts';
import { createFaultyDatabase } from '../parties/faults.ts';
import { testRelayStore } from './store-contract.ts';

describe('SQLite', () =>
  testRelayStore(() => {
    const { database, fail } = createFaultyDatabase(openSqlite(':memory:', [relaySchema]));
    return { store: createSqliteRelayStore(database), fail };
  }));
