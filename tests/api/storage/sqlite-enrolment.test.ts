import { createSqliteEnrolmentStore, enrolmentSchema } from '#api/storage/sqlite/enrolment.ts';
import { describeEnrolmentStore } from './enrolment-store-contract.ts';
import { temporaryDatabase, temporaryFile } from './temporary-file.ts';

describeEnrolmentStore('SQLite', () => {
  const path = temporaryFile();
  const database = temporaryDatabase([enrolmentSchema], path);
  return {
    store: createSqliteEnrolmentStore(database),
    async reopen() {
      await database.close();
      return createSqliteEnrolmentStore(temporaryDatabase([enrolmentSchema], path));
    },
  };
});
