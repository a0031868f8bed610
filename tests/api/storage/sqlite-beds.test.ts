import { bedsSchema, createSqliteBedStore } from '#api/storage/sqlite/beds.ts';
import { describeBedStore } from './bed-store-contract.ts';
import { temporaryDatabase } from './temporary-file.ts';

describeBedStore('SQLite', () => Promise.resolve(createSqliteBedStore(temporaryDatabase([bedsSchema]))));
