import type { InstitutionId } from '../../contract/ids.ts';
import { toTerminal, type TerminalRow } from '../rows/terminals.ts';
import type { TerminalStore } from '../terminals.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const terminalsSchema: PostgresSchema = {
  name: 'terminals',
  tables: { terminal: { by: 'institution' }, terminal_session: { by: 'institution' } },
  migrations: [
    `CREATE TABLE terminal (institution TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
       enrolled_at BIGINT NOT NULL, PRIMARY KEY (institution, id));
     CREATE TABLE terminal_session (institution TEXT NOT NULL, token_hash TEXT NOT NULL, terminal TEXT NOT NULL,
       assertion TEXT NOT NULL, expires BIGINT NOT NULL, PRIMARY KEY (institution, token_hash),
       UNIQUE (institution, assertion), FOREIGN KEY (institution, terminal) REFERENCES terminal (institution, id));
     CREATE INDEX terminal_session_expires ON terminal_session (expires);`,
  ],
};

const UPSERT = sql<TerminalRow>(
  `INSERT INTO terminal VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (institution, id) DO UPDATE SET name = excluded.name RETURNING *`,
);
const SELECT = sql<TerminalRow>('SELECT * FROM terminal WHERE institution = $1 AND id = $2');
const FORGET_ENDED = sql('DELETE FROM terminal_session WHERE institution = $1 AND expires <= $2');
const INSERT_SESSION = sql(
  'INSERT INTO terminal_session VALUES ($1, $2, $3, $4, $5) ON CONFLICT (institution, assertion) DO NOTHING',
);
const SELECT_SESSION = sql<TerminalRow>(
  `SELECT terminal.* FROM terminal_session AS session
   JOIN terminal ON terminal.institution = session.institution AND terminal.id = session.terminal
   WHERE session.institution = $1 AND token_hash = $2 AND expires > $3`,
);

/** Terminals of one institution in a database that was opened with `terminalsSchema`. */
export const createPostgresTerminalStore = (database: PostgresDatabase, institution: InstitutionId): TerminalStore => ({
  enrol: (terminal) =>
    database.write(async (tx) => {
      const { id, key, name, enrolledAt } = terminal;
      const row = await tx.first(UPSERT, institution, id, JSON.stringify(key), name, enrolledAt.getTime());
      return row ? toTerminal(row) : terminal;
    }),
  async find(id) {
    const row = await database.first(SELECT, institution, id);
    return row && toTerminal(row);
  },
  openSession: ({ tokenHash, terminal, assertion, openedAt, expires }) =>
    database.write(async (tx) => {
      await tx.run(FORGET_ENDED, institution, openedAt.getTime());
      return (await tx.run(INSERT_SESSION, institution, tokenHash, terminal, assertion, expires.getTime())) === 1;
    }),
  async findSession(tokenHash, now) {
    const row = await database.first(SELECT_SESSION, institution, tokenHash, now.getTime());
    return row && toTerminal(row);
  },
});
