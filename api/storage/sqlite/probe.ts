import type { ProbeStore } from '../probe.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const probeSchema: Schema = {
  name: 'probe',
  migrations: [`CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;`],
};

/** In an embedded database that was opened with `probeSchema`. */
export function createSqliteProbeStore(database: SqliteDatabase): ProbeStore {
  const upsert = database.connection.prepare<[number]>(
    'INSERT INTO probe VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at',
  );
  return { write: (at) => database.write(() => void upsert.run(at.getTime())) };
}
