import { describe } from 'vitest';
import { accessOutboxSchema, createSqliteAccessOutbox } from '#api/storage/sqlite/access-outbox.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqlitePostOfficeStore, postOfficeSchema } from '#api/storage/sqlite/post-office.ts';
import { createSqliteSharingStore, sharingSchema } from '#api/storage/sqlite/sharing.ts';
import { testSharingStore } from './store-contract.ts';

describe('SQLite', () =>
  testSharingStore(() => {
    const database = openSqlite(':memory:', [postOfficeSchema, accessOutboxSchema, sharingSchema]);
    return {
      store: createSqliteSharingStore(database),
      post: createSqlitePostOfficeStore(database),
      events: createSqliteAccessOutbox(database),
    };
  }));
