import { describe } from 'vitest';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteRecordStore, recordsSchema } from '#api/storage/sqlite/records.ts';
import { createFaultyDatabase } from '../parties/faults.ts';
import { testRecordStore } from './store-contract.ts';

describe('SQLite', () =>
  testRecordStore(() => {
    const { database, fail } = createFaultyDatabase(openSqlite(':memory:', [recordsSchema]));
    return { store: createSqliteRecordStore(database), fail };
  }));
