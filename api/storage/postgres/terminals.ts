import type { InstitutionId } from '../../contract/ids.ts';
import { toTerminal, type TerminalRow } from '../rows/terminals.ts';
import type { Terminal, TerminalStore } from '../terminals.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql, type Queries } from './statement.ts';

export const terminalsSchema: PostgresSchema = {
  name: 'terminals',
  tables: {
    terminal: { by: 'institution' },
    terminal_session: { by: 'institution' },
    terminal_code: { by: 'institution' },
  },
  migrations: [
    `CREATE TABLE terminal (institution TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
       enrolled_at BIGINT NOT NULL, PRIMARY KEY (institution, id));
     CREATE TABLE terminal_session (institution TEXT NOT NULL, token_hash TEXT NOT NULL, terminal TEXT NOT NULL,
       assertion TEXT NOT NULL, expires BIGINT NOT NULL, PRIMARY KEY (institution, token_hash),
       UNIQUE (institution, assertion), FOREIGN KEY (institution, terminal) REFERENCES terminal (institution, id));
     CREATE INDEX terminal_session_expires ON terminal_session (expires);`,
    `ALTER TABLE terminal ADD COLUMN receives INTEGER NOT NULL DEFAULT 1;
     ALTER TABLE terminal ADD COLUMN revoked_at BIGINT;
     CREATE TABLE terminal_code (institution TEXT NOT NULL, hash TEXT NOT NULL, receives INTEGER NOT NULL,
       expires BIGINT NOT NULL, PRIMARY KEY (institution, hash));`,
  ],
};

const UPSERT = sql<TerminalRow>(
  `INSERT INTO terminal VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (institution, id) DO UPDATE SET name = excluded.name, receives = excluded.receives RETURNING *`,
);
const SELECT_ALL = sql<TerminalRow>('SELECT * FROM terminal WHERE institution = $1 ORDER BY enrolled_at DESC, id');
const INSERT_CODE = sql('INSERT INTO terminal_code VALUES ($1, $2, $3, $4)');
const FORGET_CODES = sql('DELETE FROM terminal_code WHERE institution = $1 AND expires < $2');
const USE_CODE = sql<{ receives: number }>(
  'DELETE FROM terminal_code WHERE institution = $1 AND hash = $2 AND expires > $3 RETURNING receives',
);
const REVOKE = sql<TerminalRow>(
  'UPDATE terminal SET revoked_at = coalesce(revoked_at, $3) WHERE institution = $1 AND id = $2 RETURNING *',
);
const END_SESSIONS = sql('DELETE FROM terminal_session WHERE institution = $1 AND terminal = $2');
const SELECT = sql<TerminalRow>('SELECT * FROM terminal WHERE institution = $1 AND id = $2');
const FORGET_ENDED = sql('DELETE FROM terminal_session WHERE institution = $1 AND expires <= $2');
const INSERT_SESSION = sql(
  'INSERT INTO terminal_session VALUES ($1, $2, $3, $4, $5) ON CONFLICT (institution, assertion) DO NOTHING',
);
const SELECT_SESSION = sql<TerminalRow>(
  `SELECT terminal.* FROM terminal_session AS session
   JOIN terminal ON terminal.institution = session.institution AND terminal.id = session.terminal
   WHERE session.institution = $1 AND token_hash = $2 AND expires > $3 AND revoked_at IS NULL`,
);

/** Terminals of one institution in a database that was opened with `terminalsSchema`. */
export const createPostgresTerminalStore = (database: PostgresDatabase, institution: InstitutionId): TerminalStore => ({
  enrol: (terminal) =>
    database.write(async (tx) => {
      const row = await keep(tx, institution, terminal, terminal.receives);
      return row ? toTerminal(row) : terminal;
    }),
  saveCode: ({ hash, receives, expires }) =>
    database.write(async (tx) => {
      // A day is longer than any code lives.
      await tx.run(FORGET_CODES, institution, expires.getTime() - 86_400_000);
      await tx.run(INSERT_CODE, institution, hash, Number(receives), expires.getTime());
    }),
  enrolWithCode: (terminal, hash) =>
    database.write(async (tx) => {
      const code = await tx.first(USE_CODE, institution, hash, terminal.enrolledAt.getTime());
      const row = code && (await keep(tx, institution, terminal, code.receives === 1));
      return row && toTerminal(row);
    }),
  list: async () => (await database.all(SELECT_ALL, institution)).map(toTerminal),
  revoke: (id, at) =>
    database.write(async (tx) => {
      await tx.run(END_SESSIONS, institution, id);
      const row = await tx.first(REVOKE, institution, id, at.getTime());
      return row && toTerminal(row);
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

const keep = (
  queries: Queries,
  institution: InstitutionId,
  { id, key, name, enrolledAt }: Omit<Terminal, 'receives'>,
  receives: boolean,
) => queries.first(UPSERT, institution, id, JSON.stringify(key), name, enrolledAt.getTime(), Number(receives));
