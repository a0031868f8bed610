import { describe } from 'vitest';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteDirectoryStore, directorySchema } from '#api/storage/sqlite/directory.ts';
import { createFaultyDatabase } from '../parties/faults.ts';
import { testDirectoryStore } from './store-contract.ts';

describe('SQLite', () =>
  testDirectoryStore(() => {
    const { database, fail } = createFaultyDatabase(openSqlite(':memory:', [directorySchema]));
    return { store: createSqliteDirectoryStore(database), fail };
  }));
