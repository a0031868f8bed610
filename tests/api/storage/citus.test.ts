import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeDistribution } from '#api/storage/postgres/citus-script.ts';
import type { PostgresDatabase } from '#api/storage/postgres/database.ts';
import { EXCHANGE_SCHEMAS } from '#api/storage/postgres/exchange-stores.ts';
import { GATEWAY_SCHEMAS } from '#api/storage/postgres/gateway-stores.ts';
import type { PostgresSchema } from '#api/storage/postgres/schema.ts';
import { sql } from '#api/storage/postgres/statement.ts';
import { findPostgres, POSTGRES_MISSING } from './postgres-cluster.ts';
import { useCluster } from './postgres-database.ts';

const ROLES = { exchange: EXCHANGE_SCHEMAS, gateway: GATEWAY_SCHEMAS };
const roles = Object.entries(ROLES);
const scriptOf = (role: string) => new URL(`../../../api/storage/postgres/citus/${role}.sql`, import.meta.url);

/** How a test is told to write the scripts anew: after a table was added. */
const isWriting = process.env['WRITE_CITUS'] === '1';

describe.each(roles)('the script that spreads the tables of the %s', (role, schemas) => {
  it('is what the tables say of themselves', () => {
    const script = describeDistribution(schemas);
    if (isWriting) writeFileSync(scriptOf(role), script);
    expect(readFileSync(scriptOf(role), 'utf8')).toBe(script);
  });
});

const OURS = '(SELECT oid FROM pg_namespace WHERE nspname = current_schema())';
const TABLES = sql<{ name: string }>(
  `SELECT relname AS name FROM pg_class WHERE relnamespace = ${OURS} AND relkind = 'r'`,
);
/** Every unique key with its columns (PostgreSQL §53.26). */
const UNIQUE_KEYS = sql<{ table: string; columns: readonly string[] }>(
  `SELECT keyed.relname AS table, array_agg(attname::text) AS columns
   FROM pg_index JOIN pg_class AS keyed ON keyed.oid = indrelid
   JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
   WHERE indisunique AND keyed.relnamespace = ${OURS} GROUP BY indexrelid, keyed.relname`,
);
const FOREIGN_KEYS = sql<{ table: string; target: string; columns: readonly string[]; targets: readonly string[] }>(
  `SELECT (SELECT relname::text FROM pg_class WHERE oid = conrelid) AS table, (SELECT relname::text FROM pg_class WHERE oid = confrelid) AS target,
     ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (number, place)
       JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place) AS columns,
     ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS k (number, place)
       JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place) AS targets
   FROM pg_constraint WHERE contype = 'f' AND connamespace = ${OURS}`,
);

const bin = findPostgres();
describe.skipIf(!bin)(`the tables in PostgreSQL${bin ? '' : `, ${POSTGRES_MISSING}`}`, () => {
  const cluster = useCluster(bin);
  const placesOf = (schemas: readonly PostgresSchema[]) =>
    new Map<string, string | undefined>(
      schemas.flatMap(({ tables }) =>
        Object.entries(tables).map(([table, place]) => [table, place === 'reference' ? undefined : place.by] as const),
      ),
    );
  const opened = async (schemas: readonly PostgresSchema[]): Promise<PostgresDatabase> => cluster.open(schemas);

  it.each(roles)('of the %s all say where their rows lie', async (_role, schemas) => {
    const tables = (await (await opened(schemas)).all(TABLES)).map(({ name }) => name);
    expect(tables.toSorted()).toEqual([...placesOf(schemas).keys(), 'schema_version'].toSorted());
  });

  it.each(roles)('of the %s hold the column in every unique key', async (_role, schemas) => {
    const places = placesOf(schemas);
    const keys = await (await opened(schemas)).all(UNIQUE_KEYS);
    expect(keys.length).toBeGreaterThan(10);
    const without = keys.filter(({ table, columns }) => {
      const by = places.get(table);
      return by !== undefined && !columns.includes(by);
    });
    expect(without).toEqual([]);
  });

  it.each(roles)('of the %s point at nothing on another node', async (_role, schemas) => {
    const places = placesOf(schemas);
    const crossing = (await (await opened(schemas)).all(FOREIGN_KEYS)).filter(({ table, target, columns, targets }) => {
      const [from, to] = [places.get(table), places.get(target)];
      if (to === undefined) return false;
      const at = from === undefined ? -1 : columns.indexOf(from);
      return from !== to || at < 0 || targets[at] !== to;
    });
    expect(crossing).toEqual([]);
  });
});
