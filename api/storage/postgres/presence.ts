import { Problem } from '../../contract/problem.ts';
import type { PresenceStore, PresenceUse } from '../presence.ts';
import { toChallenge, type ChallengeRow } from '../rows/presence.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql, type Queries } from './statement.ts';

export const presenceSchema: PostgresSchema = {
  name: 'presence',
  tables: {
    presence_challenge: { by: 'challenge' },
    presence_use: { by: 'id' },
    presence_challenge_use: { by: 'challenge' },
  },
  migrations: [
    `CREATE TABLE presence_challenge (challenge TEXT PRIMARY KEY, institution TEXT NOT NULL, terminal TEXT NOT NULL,
       purpose TEXT NOT NULL, issued_at BIGINT NOT NULL, expires BIGINT NOT NULL);
     CREATE INDEX presence_challenge_issued ON presence_challenge (issued_at);
     CREATE TABLE presence_use (id TEXT PRIMARY KEY, used_at BIGINT NOT NULL);
     CREATE INDEX presence_use_used ON presence_use (used_at);
     CREATE TABLE presence_challenge_use (challenge TEXT PRIMARY KEY, used_at BIGINT NOT NULL);
     CREATE INDEX presence_challenge_use_used ON presence_challenge_use (used_at);`,
  ],
};

const INSERT_USE = sql('INSERT INTO presence_use (id, used_at) VALUES ($1, $2) ON CONFLICT DO NOTHING');
const INSERT_CHALLENGE_USE = sql(
  'INSERT INTO presence_challenge_use (challenge, used_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
);

/**
 * Uses a presence proof and its challenge up, beside the statements of the same transaction that store what the proof was
 * accepted for. Of two at once, one waits until the other is committed or undone.
 *
 * @throws {Problem} `presence_replayed` when either was used before
 */
export async function usePresence(tx: Queries, { id, challenge, usedAt }: PresenceUse): Promise<void> {
  const isFresh =
    (await tx.run(INSERT_USE, id, usedAt.getTime())) === 1 &&
    (challenge === null || (await tx.run(INSERT_CHALLENGE_USE, challenge, usedAt.getTime())) === 1);
  if (!isFresh) throw new Problem('presence_replayed', 'the proof or its challenge was used before');
}

const INSERT_CHALLENGE = sql('INSERT INTO presence_challenge VALUES ($1, $2, $3, $4, $5, $6)');
const SELECT_CHALLENGE = sql<ChallengeRow>('SELECT * FROM presence_challenge WHERE challenge = $1');
const SELECT_USE = sql('SELECT id FROM presence_use WHERE id = $1');

/** Challenges and used proofs in a database that was opened with `presenceSchema`. */
export const createPostgresPresenceStore = (database: PostgresDatabase): PresenceStore => ({
  saveChallenge: ({ challenge, institution, terminal, purpose, issuedAt, expires }) =>
    database.write(async (tx) => {
      const times = [issuedAt.getTime(), expires.getTime()] as const;
      await tx.run(INSERT_CHALLENGE, challenge, institution, terminal, purpose, ...times);
    }),
  async findChallenge(challenge) {
    const row = await database.first(SELECT_CHALLENGE, challenge);
    return row && toChallenge(row);
  },
  isUsed: async (id) => (await database.first(SELECT_USE, id)) !== undefined,
  use: (use) => database.write((tx) => usePresence(tx, use)),
});
