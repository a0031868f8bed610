import { Problem } from '../../contract/problem.ts';
import type { DirectoryStore, StoredDirectory } from '../directory.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const directorySchema: PostgresSchema = {
  name: 'directory',
  tables: { directory: 'reference' },
  migrations: [`CREATE TABLE directory (exchange TEXT PRIMARY KEY, serial BIGINT NOT NULL, directory TEXT NOT NULL);`],
};

const SELECT_ALL = sql<StoredDirectory>('SELECT exchange, serial, directory FROM directory');
const SELECT = sql<StoredDirectory>('SELECT exchange, serial, directory FROM directory WHERE exchange = $1');
/** Writes only what is newer: of two processes at once, one waits for the other's row and is compared with it. */
const UPSERT = sql(
  `INSERT INTO directory AS held (exchange, serial, directory) VALUES ($1, $2, $3)
   ON CONFLICT (exchange) DO UPDATE SET serial = excluded.serial, directory = excluded.directory
   WHERE excluded.serial > held.serial`,
);

/** The directories' part of a database that was opened with `directorySchema`. */
export const createPostgresDirectoryStore = (database: PostgresDatabase): DirectoryStore => ({
  readAll: () => database.all(SELECT_ALL),
  keep: ({ exchange, serial, directory }) =>
    database.write(async (tx) => {
      if ((await tx.run(UPSERT, exchange, serial, directory)) === 1) return;
      const held = await tx.first(SELECT, exchange);
      if (held && serial < held.serial) throw new Problem('directory_downgrade', `${serial} after ${held.serial}`);
      if (held?.directory !== directory) {
        throw new Problem('directory_untrusted', `two directories with serial ${serial}`);
      }
    }),
});
