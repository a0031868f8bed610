import { createSqliteStaffStore, staffSchema } from '#api/storage/sqlite/staff.ts';
import { describeStaffStore } from './staff-store-contract.ts';
import { temporaryDatabase } from './temporary-file.ts';

describeStaffStore('SQLite', () => createSqliteStaffStore(temporaryDatabase([staffSchema])));
