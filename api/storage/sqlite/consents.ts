import { Problem } from '../../contract/problem.ts';
import type { ConsentStore } from '../consents.ts';
import { toConsent, toWithdrawal, type ConsentRow, type WithdrawalRow } from '../rows/consents.ts';
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
  const selectBySubject = connection.prepare<[string], ConsentRow>(
    'SELECT * FROM consent WHERE subject = ? ORDER BY submission_id',
  );
  const selectWithdrawal = connection.prepare<[string], WithdrawalRow>('SELECT * FROM withdrawal WHERE id = ?');
  const selectWithdrawals = connection.prepare<[string], WithdrawalRow>(
    'SELECT * FROM withdrawal WHERE subject = ? ORDER BY id',
  );
  const insertWithdrawal = connection.prepare<[string, string, number, string, string]>(
    'INSERT INTO withdrawal (subject, id, accepted_at, presence, binding) VALUES (?, ?, ?, ?, ?)',
  );
  const insertOwed = connection.prepare<[string, string, string]>(
    `INSERT INTO withdrawal_owed (peer, sequence, id)
     VALUES (?, (SELECT ifnull(max(sequence), 0) + 1 FROM withdrawal_owed WHERE peer = ?), ?)`,
  );
  const selectOwed = connection.prepare<[string, number], WithdrawalRow>(
    `SELECT withdrawal.* FROM withdrawal_owed JOIN withdrawal USING (id) WHERE peer = ? ORDER BY sequence LIMIT ?`,
  );
  const deleteOwed = connection.prepare<[string, string]>('DELETE FROM withdrawal_owed WHERE peer = ? AND id = ?');

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
    listBySubject: (subject) => Promise.resolve(selectBySubject.all(subject).map(toConsent)),

    withdraw: ({ id, subject, acceptedAt, presence, binding }, use, peers) =>
      database.write((db) => {
        if (selectWithdrawal.get(id)) return;
        if (use) usePresence(db, use);
        insertWithdrawal.run(subject, id, acceptedAt.getTime(), presence, binding);
        peers.forEach((peer) => insertOwed.run(peer, peer, id));
      }),
    findWithdrawal(id) {
      const row = selectWithdrawal.get(id);
      return Promise.resolve(row && toWithdrawal(row));
    },
    listWithdrawals: (subject) => Promise.resolve(selectWithdrawals.all(subject).map(toWithdrawal)),
    readOwedWithdrawals: (peer, count) => Promise.resolve(selectOwed.all(peer, count).map(toWithdrawal)),
    settleWithdrawals: (peer, ids) => database.write(() => ids.forEach((id) => deleteOwed.run(peer, id))),
  };
}
