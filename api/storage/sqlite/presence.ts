import type Database from 'better-sqlite3';
import { Problem } from '../../contract/problem.ts';
import type { PresenceStore, PresenceUse } from '../presence.ts';
import { type ChallengeRow, toChallenge } from '../rows/presence.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const presenceSchema: Schema = {
  name: 'presence',
  migrations: [
    `CREATE TABLE presence_challenge (challenge TEXT PRIMARY KEY, institution TEXT NOT NULL, terminal TEXT NOT NULL,
       purpose TEXT NOT NULL, issued_at INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;
     CREATE INDEX presence_challenge_issued ON presence_challenge (issued_at);
     CREATE TABLE presence_use (id TEXT PRIMARY KEY, challenge TEXT UNIQUE, used_at INTEGER NOT NULL)
       STRICT, WITHOUT ROWID;
     CREATE INDEX presence_use_used ON presence_use (used_at);`,
  ],
};

const useStatements = new WeakMap<Database.Database, Database.Statement<[string, string | null, number]>>();

/**
 * Uses a presence proof and its challenge up. To be called inside `SqliteDatabase.write`, beside the statements that
 * store what the proof was accepted for.
 *
 * @throws {Problem} `presence_replayed` when either was used before
 */
export function usePresence(connection: Database.Database, { id, challenge, usedAt }: PresenceUse): void {
  if (!connection.inTransaction) throw new TypeError('a proof is used up inside a transaction');
  let insert = useStatements.get(connection);
  if (!insert) {
    insert = connection.prepare(
      'INSERT INTO presence_use (id, challenge, used_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    useStatements.set(connection, insert);
  }
  if (insert.run(id, challenge, usedAt.getTime()).changes !== 1) {
    throw new Problem('presence_replayed', 'the proof or its challenge was used before');
  }
}

/** Challenges and used proofs in an embedded database that was opened with `presenceSchema`. */
export function createSqlitePresenceStore(database: SqliteDatabase): PresenceStore {
  const { connection } = database;
  const insertChallenge = connection.prepare<[string, string, string, string, number, number]>(
    'INSERT INTO presence_challenge VALUES (?, ?, ?, ?, ?, ?)',
  );
  const selectChallenge = connection.prepare<[string], ChallengeRow>(
    'SELECT * FROM presence_challenge WHERE challenge = ?',
  );
  const selectUse = connection.prepare<[string]>('SELECT 1 FROM presence_use WHERE id = ?');

  return {
    saveChallenge: ({ challenge, institution, terminal, purpose, issuedAt, expires }) =>
      database.write(() => {
        insertChallenge.run(challenge, institution, terminal, purpose, issuedAt.getTime(), expires.getTime());
      }),
    findChallenge(challenge) {
      const row = selectChallenge.get(challenge);
      return Promise.resolve(row && toChallenge(row));
    },
    isUsed: (id) => Promise.resolve(selectUse.get(id) !== undefined),
    use: (use) => database.write((db) => usePresence(db, use)),
  };
}
