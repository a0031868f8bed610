import { Problem } from '../../contract/problem.ts';
import type { EnrolmentStore } from '../enrolment.ts';
import { type EnrolmentChallengeRow, type BindingRow, toBinding } from '../rows/enrolment.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const enrolmentSchema: Schema = {
  name: 'enrolment',
  migrations: [
    `CREATE TABLE enrolment_challenge (challenge TEXT PRIMARY KEY, institution TEXT NOT NULL, expires INTEGER NOT NULL,
       used_by TEXT) STRICT, WITHOUT ROWID;
     CREATE INDEX enrolment_challenge_expires ON enrolment_challenge (expires);
     CREATE TABLE card_binding (cert_hash TEXT PRIMARY KEY, subject TEXT NOT NULL, key_n TEXT NOT NULL,
       key_e TEXT NOT NULL, application TEXT NOT NULL, institution TEXT NOT NULL, enrolled_at INTEGER NOT NULL)
       STRICT, WITHOUT ROWID;
     CREATE INDEX card_binding_subject ON card_binding (subject);`,
  ],
};

const KEEP_USED_MS = 24 * 60 * 60 * 1000;

/** Card bindings in an embedded database that was opened with `enrolmentSchema`. */
export function createSqliteEnrolmentStore(database: SqliteDatabase): EnrolmentStore {
  const { connection } = database;
  const insertChallenge = connection.prepare<[string, string, number]>(
    'INSERT INTO enrolment_challenge (challenge, institution, expires) VALUES (?, ?, ?)',
  );
  const forgetChallenges = connection.prepare<[number]>('DELETE FROM enrolment_challenge WHERE expires < ?');
  const selectChallenge = connection.prepare<[string], EnrolmentChallengeRow>(
    'SELECT * FROM enrolment_challenge WHERE challenge = ?',
  );
  const useChallenge = connection.prepare<[string, string, string]>(
    'UPDATE enrolment_challenge SET used_by = ? WHERE challenge = ? AND (used_by IS NULL OR used_by = ?)',
  );
  const upsertBinding = connection.prepare<[string, string, string, string, string, string, number]>(
    `INSERT INTO card_binding VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (cert_hash) DO UPDATE SET subject = excluded.subject, key_n = excluded.key_n, key_e = excluded.key_e,
       application = excluded.application, institution = excluded.institution, enrolled_at = excluded.enrolled_at`,
  );
  const selectBinding = connection.prepare<[string], BindingRow>('SELECT * FROM card_binding WHERE cert_hash = ?');

  return {
    saveChallenge: ({ challenge, institution, expires }) =>
      database.write(() => {
        forgetChallenges.run(expires.getTime() - KEEP_USED_MS);
        insertChallenge.run(challenge, institution, expires.getTime());
      }),
    findChallenge(challenge) {
      const row = selectChallenge.get(challenge);
      if (!row) return Promise.resolve(undefined);
      const { institution, expires, used_by } = row;
      return Promise.resolve({ challenge, institution, expires: new Date(expires), usedBy: used_by });
    },
    enrol: (binding, { challenge, submissionHash }) =>
      database.write(() => {
        if (useChallenge.run(submissionHash, challenge, submissionHash).changes !== 1) {
          throw new Problem('enrolment_challenge_unknown', 'the challenge was used before');
        }
        const { certHash, subject, cardKey, application, institution, enrolledAt } = binding;
        upsertBinding.run(certHash, subject, cardKey.n, cardKey.e, application, institution, enrolledAt.getTime());
      }),
    findBinding(certHash) {
      const row = selectBinding.get(certHash);
      return Promise.resolve(row && toBinding(row));
    },
  };
}
