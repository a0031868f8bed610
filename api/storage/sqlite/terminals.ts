import type { TerminalStore } from '../terminals.ts';
import { type TerminalRow, toTerminal } from '../rows/terminals.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const terminalsSchema: Schema = {
  name: 'terminals',
  migrations: [
    `CREATE TABLE terminal (id TEXT PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, enrolled_at INTEGER NOT NULL)
       STRICT;
     CREATE TABLE terminal_session (token_hash TEXT PRIMARY KEY, terminal TEXT NOT NULL REFERENCES terminal (id),
       assertion TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL) STRICT;
     CREATE INDEX terminal_session_expires ON terminal_session (expires);`,
  ],
};

/** Terminals in an embedded database that was opened with `terminalsSchema`. */
export function createSqliteTerminalStore(database: SqliteDatabase): TerminalStore {
  const { connection } = database;
  const upsert = connection.prepare<[string, string, string, number], TerminalRow>(
    `INSERT INTO terminal (id, key, name, enrolled_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING *`,
  );
  const select = connection.prepare<[string], TerminalRow>('SELECT * FROM terminal WHERE id = ?');
  const forgetEnded = connection.prepare<[number]>('DELETE FROM terminal_session WHERE expires <= ?');
  const insertSession = connection.prepare<[string, string, string, number]>(
    `INSERT INTO terminal_session (token_hash, terminal, assertion, expires) VALUES (?, ?, ?, ?)
     ON CONFLICT (assertion) DO NOTHING`,
  );
  const selectSession = connection.prepare<[string, number], TerminalRow>(
    `SELECT terminal.* FROM terminal_session JOIN terminal ON terminal.id = terminal_session.terminal
     WHERE token_hash = ? AND expires > ?`,
  );
  const find = (row: TerminalRow | undefined) => Promise.resolve(row && toTerminal(row));

  return {
    async enrol(terminal) {
      const { id, key, name, enrolledAt } = terminal;
      const row = await database.write(() => upsert.get(id, JSON.stringify(key), name, enrolledAt.getTime()));
      return row ? toTerminal(row) : terminal;
    },
    find: (id) => find(select.get(id)),
    openSession: ({ tokenHash, terminal, assertion, openedAt, expires }) =>
      database.write(() => {
        forgetEnded.run(openedAt.getTime());
        return insertSession.run(tokenHash, terminal, assertion, expires.getTime()).changes === 1;
      }),
    findSession: (tokenHash, now) => find(selectSession.get(tokenHash, now.getTime())),
  };
}
