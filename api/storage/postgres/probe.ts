import type { ProbeStore } from '../probe.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const probeSchema: PostgresSchema = {
  name: 'probe',
  tables: { probe: { by: 'node' } },
  migrations: [`CREATE TABLE probe (node TEXT PRIMARY KEY, at BIGINT NOT NULL);`],
};

const UPSERT = sql('INSERT INTO probe VALUES ($1, $2) ON CONFLICT (node) DO UPDATE SET at = excluded.at');

/** In a database that was opened with `probeSchema`. */
export const createPostgresProbeStore = (database: PostgresDatabase, node: string): ProbeStore => ({
  write: (at) => database.write(async (tx) => void (await tx.run(UPSERT, node, at.getTime()))),
});
