import type { InstitutionId } from '../../contract/ids.ts';
import type { CheckpointStore } from '../checkpoints.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const checkpointsSchema: PostgresSchema = {
  name: 'checkpoints',
  tables: { newest_checkpoint: { by: 'institution' } },
  migrations: [
    `CREATE TABLE newest_checkpoint (institution TEXT PRIMARY KEY, size BIGINT NOT NULL, note TEXT NOT NULL);`,
  ],
};

const SELECT = sql<{ note: string }>('SELECT note FROM newest_checkpoint WHERE institution = $1');
const UPSERT = sql(
  `INSERT INTO newest_checkpoint AS held VALUES ($1, $2, $3)
   ON CONFLICT (institution) DO UPDATE SET size = excluded.size, note = excluded.note WHERE excluded.size >= held.size`,
);

/** The newest checkpoint that an institution saw, in a database that was opened with `checkpointsSchema`. */
export const createPostgresCheckpointStore = (
  database: PostgresDatabase,
  institution: InstitutionId,
): CheckpointStore => ({
  read: async () => (await database.first(SELECT, institution))?.note,
  save: ({ size, note }) => database.write(async (tx) => void (await tx.run(UPSERT, institution, size, note))),
});
