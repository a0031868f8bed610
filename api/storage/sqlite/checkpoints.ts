import type { CheckpointStore } from '../checkpoints.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const checkpointsSchema: Schema = {
  name: 'checkpoints',
  migrations: [
    `CREATE TABLE newest_checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, note TEXT NOT NULL)
       STRICT;`,
  ],
};

/** The newest checkpoint in an embedded database that was opened with `checkpointsSchema`. */
export function createSqliteCheckpointStore(database: SqliteDatabase): CheckpointStore {
  const select = database.connection.prepare<[], { note: string }>('SELECT note FROM newest_checkpoint');
  const upsert = database.connection.prepare<[number, string]>(
    `INSERT INTO newest_checkpoint VALUES (1, ?, ?)
     ON CONFLICT (id) DO UPDATE SET size = excluded.size, note = excluded.note WHERE excluded.size >= size`,
  );
  return {
    read: () => Promise.resolve(select.get()?.note),
    save: ({ size, note }) =>
      database.write(() => {
        upsert.run(size, note);
      }),
  };
}
