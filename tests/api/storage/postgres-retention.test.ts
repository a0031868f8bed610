import { describe } from 'vitest';
import { EXCHANGE_SCHEMAS } from '#api/storage/postgres/exchange-stores.ts';
import { GATEWAY_SCHEMAS } from '#api/storage/postgres/gateway-stores.ts';
import { createPostgresExchangeRetention, createPostgresGatewayRetention } from '#api/storage/postgres/retention.ts';
import type { PostgresSchema } from '#api/storage/postgres/schema.ts';
import { sql } from '#api/storage/postgres/statement.ts';
import { findPostgres, POSTGRES_MISSING } from './postgres-cluster.ts';
import { useCluster } from './postgres-database.ts';
import { describeRetention, type OpenedRetention } from './retention-store-contract.ts';

const bin = findPostgres();
const HOSPITAL = 'sakura/1310000012';

describe.skipIf(!bin)(`PostgreSQL${bin ? '' : `, ${POSTGRES_MISSING}`}`, () => {
  const cluster = useCluster(bin);

  async function openTables(schemas: readonly PostgresSchema[], owner: Readonly<Record<string, string>>) {
    const database = await cluster.open(schemas);
    const tables: Omit<OpenedRetention<string>, 'store'> = {
      async insert(table, row) {
        const entries = Object.entries({ ...owner, ...row });
        const marks = entries.map((_entry, index) => `$${index + 1}`).join(', ');
        const text = `INSERT INTO ${table} (${entries.map(([name]) => name).join(', ')}) VALUES (${marks})`;
        await database.run(sql(text), ...entries.map(([, value]) => value));
      },
      async names(table, column) {
        const rows = await database.all(sql<{ name: string }>(`SELECT ${column} AS name FROM ${table} ORDER BY 1`));
        return rows.map(({ name }) => name);
      },
    };
    return { database, tables };
  }

  describeRetention(
    'PostgreSQL',
    async () => {
      const { database, tables } = await openTables(GATEWAY_SCHEMAS, { institution: HOSPITAL });
      return { store: createPostgresGatewayRetention(database, HOSPITAL), ...tables };
    },
    async () => {
      const { database, tables } = await openTables(EXCHANGE_SCHEMAS, {});
      return { store: createPostgresExchangeRetention(database), ...tables };
    },
  );
});
