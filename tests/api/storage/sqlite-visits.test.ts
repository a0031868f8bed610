import { evidenceSchema } from '#api/storage/sqlite/evidence.ts';
import { presenceSchema } from '#api/storage/sqlite/presence.ts';
import { createSqliteVisitStore, visitsSchema } from '#api/storage/sqlite/visits.ts';
import { temporaryDatabase, temporaryFile } from './temporary-file.ts';
import { describeVisitStore } from './visit-store-contract.ts';

const SCHEMAS = [evidenceSchema, presenceSchema, visitsSchema];

describeVisitStore('SQLite', () => {
  const path = temporaryFile();
  const database = temporaryDatabase(SCHEMAS, path);
  return {
    store: createSqliteVisitStore(database),
    async reopen() {
      await database.close();
      return createSqliteVisitStore(temporaryDatabase(SCHEMAS, path));
    },
  };
});
