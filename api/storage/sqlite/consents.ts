import { Problem } from '../../contract/problem.ts';
import type { ConsentStore } from '../consents.ts';
import { type ConsentRow, toConsent } from '../rows/consents.ts';
import type { Schema, SqliteDatabase } from './database.ts';
import { usePresence } from './presence.ts';

/** Needs `presenceSchema` in the same database: both change in one commit. */
export const consentsSchema: Schema = {
  name: 'consents',
  migrations: [
    `CREATE TABLE consent (
       institution TEXT NOT NULL, submission_id TEXT NOT NULL, submission_hash TEXT NOT NULL, subject TEXT NOT NULL,
       presence TEXT NOT NULL, binding TEXT NOT NULL, PRIMARY KEY (institution, submission_id)) STRICT;
     CREATE INDEX consent_subject ON consent (subject);`,
    `CREATE TABLE withdrawal (
       subject TEXT NOT NULL, id TEXT NOT NULL UNIQUE, accepted_at INTEGER NOT NULL, presence TEXT NOT NULL,
       binding TEXT NOT NULL, PRIMARY KEY (subject, id)) STRICT;
     CREATE TABLE withdrawal_owed (
       peer TEXT NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (peer, sequence)) STRICT;`,
  ],
};

/** Consents in an embedded database that was opened with `consentsSchema` and `presenceSchema`. */
export function createSqliteConsentStore(database: SqliteDatabase): ConsentStore {
  const { connection } = database;
  const select = connection.prepare<[string, string], ConsentRow>(
    'SELECT * FROM consent WHERE institution = ? AND submission_id = ?',
  );
  const insert = connection.prepare<[string, string, string, string, string, string]>(
    'INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?)',
  );

  return {
    find(institution, submissionId) {
      const row = select.get(institution, submissionId);
      return Promise.resolve(row && toConsent(row));
    },
    accept: (consent, use) =>
      database.write((db) => {
        const { institution, submissionId, submissionHash, subject, presence, binding } = consent;
        const known = select.get(institution, submissionId);
        if (known && known.submission_hash !== submissionHash) {
          throw new Problem('conflict', "the submission's id stands for something else");
        }
        if (known) return toConsent(known);
        usePresence(db, use);
        insert.run(institution, submissionId, submissionHash, subject, presence, binding);
        return consent;
      }),
  };
}
