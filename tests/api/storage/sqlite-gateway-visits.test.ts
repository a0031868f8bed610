import { createSqliteGatewayVisitStore, gatewayVisitsSchema } from '#api/storage/sqlite/gateway-visits.ts';
import { describeGatewayVisitStore } from './gateway-visit-store-contract.ts';
import { temporaryDatabase, temporaryFile } from './temporary-file.ts';

describeGatewayVisitStore('SQLite', () => {
  const path = temporaryFile();
  const database = temporaryDatabase([gatewayVisitsSchema], path);
  return {
    store: createSqliteGatewayVisitStore(database),
    async reopen() {
      await database.close();
      return createSqliteGatewayVisitStore(temporaryDatabase([gatewayVisitsSchema], path));
    },
  };
});
