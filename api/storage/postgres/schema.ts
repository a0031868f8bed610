import type { ClientBase } from 'pg';

/** Where the rows of a table lie when the database is sharded: by this column's value. */
export interface Distributed {
  readonly by: string;
}

/**
 * The forward-only history of one store's tables: entry n brings version n to n + 1 and is never edited once released.
 *
 * `tables` says for each of them how it is spread over nodes: by a column that stands in its primary key and in every
 * unique key, or `reference` for a small table that every node has whole.
 */
export interface PostgresSchema {
  readonly name: string;
  readonly migrations: readonly string[];
  readonly tables: Readonly<Record<string, Distributed | 'reference'>>;
}

const SCHEMA_VERSION = 'CREATE TABLE IF NOT EXISTS schema_version (name TEXT PRIMARY KEY, version INTEGER NOT NULL)';

/**
 * Makes the namespace when it does not exist and brings every schema in it up to its newest version. Processes that start
 * together take turns.
 *
 * @throws {RangeError} for tables that a newer release wrote
 */
export async function migrate(
  client: ClientBase,
  namespace: string,
  schemas: readonly PostgresSchema[],
): Promise<void> {
  const lock = `tsunagi migration of ${namespace}`;
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [lock]);
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoteName(namespace)}`);
    await client.query(SCHEMA_VERSION);
    for (const schema of schemas) await bringForward(client, schema);
  } finally {
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lock]);
  }
}

async function bringForward(client: ClientBase, { name, migrations }: PostgresSchema): Promise<void> {
  const found = await client.query<{ version: number }>('SELECT version FROM schema_version WHERE name = $1', [name]);
  const version = found.rows[0]?.version ?? 0;
  if (version === migrations.length) return;
  if (version > migrations.length) throw new RangeError(`${name} was written by a newer release (version ${version})`);
  await client.query('BEGIN');
  try {
    for (const statements of migrations.slice(version)) await client.query(statements);
    await client.query(
      'INSERT INTO schema_version VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET version = excluded.version',
      [name, migrations.length],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** PostgreSQL §4.1.1. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
