import { createSqliteTerminalStore, terminalsSchema } from '#api/storage/sqlite/terminals.ts';
import { temporaryDatabase } from './temporary-file.ts';
import { describeTerminalStore } from './terminal-store-contract.ts';

describeTerminalStore('SQLite', () => createSqliteTerminalStore(temporaryDatabase([terminalsSchema])));
