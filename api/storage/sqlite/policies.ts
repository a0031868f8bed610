import { Problem } from '../../contract/problem.ts';
import type { PolicyStore } from '../policies.ts';
import { toPolicyVersion, type PolicyRow } from '../rows/policies.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const policiesSchema: Schema = {
  name: 'policies',
  migrations: [
    `CREATE TABLE policy_version (
       version INTEGER PRIMARY KEY, rules TEXT NOT NULL, saved_at INTEGER NOT NULL, author TEXT NOT NULL,
       terminal TEXT NOT NULL, note TEXT) STRICT;`,
  ],
};

/** The policy of an embedded database that was opened with `policiesSchema`. */
export function createSqlitePolicyStore(database: SqliteDatabase): PolicyStore {
  const { connection } = database;
  const selectAll = connection.prepare<[], PolicyRow>('SELECT * FROM policy_version ORDER BY version DESC');
  const selectNewest = connection.prepare<[], PolicyRow>('SELECT * FROM policy_version ORDER BY version DESC LIMIT 1');
  const insert = connection.prepare('INSERT INTO policy_version VALUES (?, ?, ?, ?, ?, ?)');

  return {
    list: () => Promise.resolve(selectAll.all().map(toPolicyVersion)),
    read() {
      const row = selectNewest.get();
      return Promise.resolve(row && toPolicyVersion(row));
    },
    save: ({ version, rules, savedAt, author, terminal, note }) =>
      database.write(() => {
        if (version !== (selectNewest.get()?.version ?? 0) + 1)
          throw new Problem('conflict', 'another version was saved');
        insert.run(version, JSON.stringify(rules), Date.parse(savedAt), author, terminal, note);
      }),
  };
}
