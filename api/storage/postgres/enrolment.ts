import { Problem } from '../../contract/problem.ts';
import type { EnrolmentStore } from '../enrolment.ts';
import { toBinding, type BindingRow, type EnrolmentChallengeRow } from '../rows/enrolment.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const enrolmentSchema: PostgresSchema = {
  name: 'enrolment',
  tables: { enrolment_challenge: { by: 'challenge' }, card_binding: { by: 'cert_hash' } },
  migrations: [
    `CREATE TABLE enrolment_challenge (challenge TEXT PRIMARY KEY, institution TEXT NOT NULL, expires BIGINT NOT NULL,
       used_by TEXT);
     CREATE INDEX enrolment_challenge_expires ON enrolment_challenge (expires);
     CREATE TABLE card_binding (cert_hash TEXT PRIMARY KEY, subject TEXT NOT NULL, key_n TEXT NOT NULL,
       key_e TEXT NOT NULL, application TEXT NOT NULL, institution TEXT NOT NULL, enrolled_at BIGINT NOT NULL);
     CREATE INDEX card_binding_subject ON card_binding (subject);`,
  ],
};

const KEEP_USED_MS = 24 * 60 * 60 * 1000;

const INSERT_CHALLENGE = sql('INSERT INTO enrolment_challenge (challenge, institution, expires) VALUES ($1, $2, $3)');
const FORGET_CHALLENGES = sql('DELETE FROM enrolment_challenge WHERE expires < $1');
const SELECT_CHALLENGE = sql<EnrolmentChallengeRow>('SELECT * FROM enrolment_challenge WHERE challenge = $1');
const USE_CHALLENGE = sql(
  'UPDATE enrolment_challenge SET used_by = $1 WHERE challenge = $2 AND (used_by IS NULL OR used_by = $1)',
);
const UPSERT_BINDING = sql(
  `INSERT INTO card_binding VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (cert_hash) DO UPDATE SET subject = excluded.subject, key_n = excluded.key_n, key_e = excluded.key_e,
     application = excluded.application, institution = excluded.institution, enrolled_at = excluded.enrolled_at`,
);
const SELECT_BINDING = sql<BindingRow>('SELECT * FROM card_binding WHERE cert_hash = $1');

/** Card bindings in a database that was opened with `enrolmentSchema`. */
export const createPostgresEnrolmentStore = (database: PostgresDatabase): EnrolmentStore => ({
  saveChallenge: ({ challenge, institution, expires }) =>
    database.write(async (tx) => {
      await tx.run(FORGET_CHALLENGES, expires.getTime() - KEEP_USED_MS);
      await tx.run(INSERT_CHALLENGE, challenge, institution, expires.getTime());
    }),
  async findChallenge(challenge) {
    const row = await database.first(SELECT_CHALLENGE, challenge);
    if (!row) return undefined;
    return { challenge, institution: row.institution, expires: new Date(row.expires), usedBy: row.used_by };
  },
  enrol: (binding, { challenge, submissionHash }) =>
    database.write(async (tx) => {
      if ((await tx.run(USE_CHALLENGE, submissionHash, challenge)) !== 1) {
        throw new Problem('enrolment_challenge_unknown', 'the challenge was used before');
      }
      const { certHash, subject, cardKey, application, institution, enrolledAt } = binding;
      const key = [cardKey.n, cardKey.e] as const;
      await tx.run(UPSERT_BINDING, certHash, subject, ...key, application, institution, enrolledAt.getTime());
    }),
  async findBinding(certHash) {
    const row = await database.first(SELECT_BINDING, certHash);
    return row && toBinding(row);
  },
});
