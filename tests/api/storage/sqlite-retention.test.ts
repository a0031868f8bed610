import type { Schema } from '#api/storage/sqlite/database.ts';
import { EXCHANGE_SCHEMAS } from '#api/storage/sqlite/exchange-stores.ts';
import { GATEWAY_SCHEMAS } from '#api/storage/sqlite/gateway-stores.ts';
import { createSqliteExchangeRetention, createSqliteGatewayRetention } from '#api/storage/sqlite/retention.ts';
import { describeRetention } from './retention-store-contract.ts';
import { temporaryDatabase } from './temporary-file.ts';

/** Columns that only a shared database has. */
const OWN = new Set(['recipient']);

function openTables(schemas: readonly Schema[]) {
  const database = temporaryDatabase(schemas);
  const tables = {
    insert: (table: string, row: Readonly<Record<string, unknown>>) =>
      database.write((db) => {
        const columns = Object.keys(row).filter((name) => table !== 'relay_receipt' || !OWN.has(name));
        const marks = columns.map(() => '?').join(', ');
        db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`).run(
          columns.map((name) => row[name]),
        );
      }),
    names: (table: string, column: string) =>
      Promise.resolve(
        database.connection.prepare<[], string>(`SELECT ${column} FROM ${table} ORDER BY 1`).pluck().all(),
      ),
  };
  return { database, tables };
}

describeRetention(
  'SQLite',
  () => {
    const { database, tables } = openTables(GATEWAY_SCHEMAS);
    return Promise.resolve({ store: createSqliteGatewayRetention(database), ...tables });
  },
  () => {
    const { database, tables } = openTables(EXCHANGE_SCHEMAS);
    return Promise.resolve({ store: createSqliteExchangeRetention(database), ...tables });
  },
);
