import { describe } from 'vitest';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import {
  createSqlitePostOfficeStore,
  enqueueEnvelope,
  noteHandled,
  postOfficeSchema,
} from '#api/storage/sqlite/post-office.ts';
import { createFaultyDatabase } from '../parties/faults.ts';
import { NOW } from '../parties/parties.ts';
import { testPostOfficeStore } from './post-office-store-contract.ts';

describe('SQLite', () =>
  testPostOfficeStore(() => {
    const { database, fail } = createFaultyDatabase(openSqlite(':memory:', [postOfficeSchema]));
    return {
      ...{ store: createSqlitePostOfficeStore(database), fail },
      enqueue: (outgoing) => database.write((db) => enqueueEnvelope(db, outgoing)),
      handle: (id) => database.write((db) => noteHandled(db, id, NOW)),
    };
  }));
