import type { AttemptStore } from '../attempts.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const attemptsSchema: Schema = {
  name: 'attempts',
  migrations: [
    `CREATE TABLE attempt (door TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
     CREATE INDEX attempt_door ON attempt (door, at);`,
  ],
};

/** The guesses in an embedded database that was opened with `attemptsSchema`. */
export function createSqliteAttemptStore(database: SqliteDatabase): AttemptStore {
  const { connection } = database;
  const forget = connection.prepare<[string, number]>('DELETE FROM attempt WHERE door = ? AND at <= ?');
  const count = connection.prepare<[string], { count: number }>('SELECT count(*) AS count FROM attempt WHERE door = ?');
  const insert = connection.prepare<[string, number]>('INSERT INTO attempt VALUES (?, ?)');
  const remove = connection.prepare<[string, number]>(
    'DELETE FROM attempt WHERE rowid = (SELECT rowid FROM attempt WHERE door = ? AND at = ? LIMIT 1)',
  );
  return {
    take: (door, at, { failures, windowMs }) =>
      database.write(() => {
        forget.run(door, at.getTime() - windowMs);
        if ((count.get(door)?.count ?? 0) >= failures) return false;
        insert.run(door, at.getTime());
        return true;
      }),
    giveBack: (door, at) => database.write(() => void remove.run(door, at.getTime())),
  };
}
