import type { CheckpointStore } from '../checkpoints.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const checkpointsSchema: PostgresSchema = {
  name: 'checkpoints',
  tables: { newest_checkpoint: 'reference' },
  migrations: [
    `CREATE TABLE newest_checkpoint (id SMALLINT PRIMARY KEY CHECK (id = 1), size BIGINT NOT NULL, note TEXT NOT NULL);`,
  ],
};

const SELECT = sql<{ note: string }>('SELECT note FROM newest_checkpoint');
const UPSERT = sql(
  `INSERT INTO newest_checkpoint AS held VALUES (1, $1, $2)
   ON CONFLICT (id) DO UPDATE SET size = excluded.size, note = excluded.note WHERE excluded.size >= held.size`,
);

/** The newest checkpoint in a database that was opened with `checkpointsSchema`. */
export const createPostgresCheckpointStore = (database: PostgresDatabase): CheckpointStore => ({
  read: async () => (await database.first(SELECT))?.note,
  save: ({ size, note }) => database.write(async (tx) => void (await tx.run(UPSERT, size, note))),
});
