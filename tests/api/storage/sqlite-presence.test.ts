import { createSqlitePresenceStore, presenceSchema } from '#api/storage/sqlite/presence.ts';
import { describePresenceStore } from './presence-store-contract.ts';
import { temporaryDatabase, temporaryFile } from './temporary-file.ts';

describePresenceStore('SQLite', () => {
  const path = temporaryFile();
  const database = temporaryDatabase([presenceSchema], path);
  return {
    store: createSqlitePresenceStore(database),
    async reopen() {
      await database.close();
      return createSqlitePresenceStore(temporaryDatabase([presenceSchema], path));
    },
  };
});
