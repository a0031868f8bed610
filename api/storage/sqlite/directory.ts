import { Problem } from '../../contract/problem.ts';
import type { DirectoryStore, StoredDirectory } from '../directory.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const directorySchema: Schema = {
  name: 'directory',
  migrations: [
    `CREATE TABLE directory (exchange TEXT PRIMARY KEY, serial INTEGER NOT NULL, directory TEXT NOT NULL) STRICT`,
  ],
};

/** The directories' part of an embedded database that was opened with `directorySchema`. */
export function createSqliteDirectoryStore(database: SqliteDatabase): DirectoryStore {
  const { connection } = database;
  const selectAll = connection.prepare<[], StoredDirectory>('SELECT exchange, serial, directory FROM directory');
  const selectOne = connection.prepare<[string], StoredDirectory>(
    'SELECT exchange, serial, directory FROM directory WHERE exchange = ?',
  );
  const upsert = connection.prepare<[string, number, string]>(
    `INSERT INTO directory (exchange, serial, directory) VALUES (?, ?, ?)
     ON CONFLICT (exchange) DO UPDATE SET serial = excluded.serial, directory = excluded.directory`,
  );

  return {
    readAll: () => Promise.resolve(selectAll.all()),
    keep: ({ exchange, serial, directory }) =>
      database.write(() => {
        const held = selectOne.get(exchange);
        if (held && serial < held.serial) throw new Problem('directory_downgrade', `${serial} after ${held.serial}`);
        if (held?.serial === serial && held.directory !== directory) {
          throw new Problem('directory_untrusted', `two directories with serial ${serial}`);
        }
        upsert.run(exchange, serial, directory);
      }),
  };
}
