import type { Terminal, TerminalStore } from '../terminals.ts';
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
    `ALTER TABLE terminal ADD COLUMN receives INTEGER NOT NULL DEFAULT 1;
     ALTER TABLE terminal ADD COLUMN revoked_at INTEGER;
     CREATE TABLE terminal_code (hash TEXT PRIMARY KEY, receives INTEGER NOT NULL, expires INTEGER NOT NULL)
       STRICT, WITHOUT ROWID;`,
  ],
};

/** Terminals in an embedded database that was opened with `terminalsSchema`. */
export function createSqliteTerminalStore(database: SqliteDatabase): TerminalStore {
  const { connection } = database;
  const upsert = connection.prepare<[string, string, string, number, number], TerminalRow>(
    `INSERT INTO terminal (id, key, name, enrolled_at, receives) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, receives = excluded.receives RETURNING *`,
  );
  const selectAll = connection.prepare<[], TerminalRow>('SELECT * FROM terminal ORDER BY enrolled_at DESC, id');
  const insertCode = connection.prepare<[string, number, number]>('INSERT INTO terminal_code VALUES (?, ?, ?)');
  const forgetCodes = connection.prepare<[number]>('DELETE FROM terminal_code WHERE expires < ?');
  const useCode = connection.prepare<[string, number], { receives: number }>(
    'DELETE FROM terminal_code WHERE hash = ? AND expires > ? RETURNING receives',
  );
  const revoke = connection.prepare<[number, string], TerminalRow>(
    'UPDATE terminal SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? RETURNING *',
  );
  const endSessions = connection.prepare<[string]>('DELETE FROM terminal_session WHERE terminal = ?');
  const select = connection.prepare<[string], TerminalRow>('SELECT * FROM terminal WHERE id = ?');
  const forgetEnded = connection.prepare<[number]>('DELETE FROM terminal_session WHERE expires <= ?');
  const insertSession = connection.prepare<[string, string, string, number]>(
    `INSERT INTO terminal_session (token_hash, terminal, assertion, expires) VALUES (?, ?, ?, ?)
     ON CONFLICT (assertion) DO NOTHING`,
  );
  const selectSession = connection.prepare<[string, number], TerminalRow>(
    `SELECT terminal.* FROM terminal_session JOIN terminal ON terminal.id = terminal_session.terminal
     WHERE token_hash = ? AND expires > ? AND revoked_at IS NULL`,
  );
  const find = (row: TerminalRow | undefined) => Promise.resolve(row && toTerminal(row));

  const keep = ({ id, key, name, enrolledAt }: Omit<Terminal, 'receives'>, receives: boolean) =>
    upsert.get(id, JSON.stringify(key), name, enrolledAt.getTime(), Number(receives));

  return {
    async enrol(terminal) {
      const row = await database.write(() => keep(terminal, terminal.receives));
      return row ? toTerminal(row) : terminal;
    },
    saveCode: ({ hash, receives, expires }) =>
      database.write(() => {
        // A day is longer than any code lives.
        forgetCodes.run(expires.getTime() - 86_400_000);
        insertCode.run(hash, Number(receives), expires.getTime());
      }),
    async enrolWithCode(terminal, hash) {
      const row = await database.write(() => {
        const code = useCode.get(hash, terminal.enrolledAt.getTime());
        return code && keep(terminal, code.receives === 1);
      });
      return row && toTerminal(row);
    },
    list: () => Promise.resolve(selectAll.all().map(toTerminal)),
    async revoke(id, at) {
      const row = await database.write(() => {
        endSessions.run(id);
        return revoke.get(at.getTime(), id);
      });
      return row && toTerminal(row);
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
