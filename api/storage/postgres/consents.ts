import { Problem } from '../../contract/problem.ts';
import type { ConsentStore } from '../consents.ts';
import { toConsent, toWithdrawal, type ConsentRow, type WithdrawalRow } from '../rows/consents.ts';
import type { PostgresDatabase } from './database.ts';
import { usePresence } from './presence.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

/** Needs `presenceSchema` in the same database: both change in one commit. */
export const consentsSchema: PostgresSchema = {
  name: 'consents',
  tables: {
    consent: { by: 'institution' },
    withdrawal: 'reference',
    withdrawal_owed: { by: 'peer' },
  },
  migrations: [
    `CREATE TABLE consent (
       institution TEXT NOT NULL, submission_id TEXT NOT NULL, submission_hash TEXT NOT NULL, subject TEXT NOT NULL,
       presence TEXT NOT NULL, binding TEXT NOT NULL, PRIMARY KEY (institution, submission_id));
     CREATE INDEX consent_subject ON consent (subject);
     CREATE TABLE withdrawal (
       id TEXT PRIMARY KEY, subject TEXT NOT NULL, accepted_at BIGINT NOT NULL, presence TEXT NOT NULL,
       binding TEXT NOT NULL);
     CREATE INDEX withdrawal_subject ON withdrawal (subject);
     CREATE TABLE withdrawal_owed (peer TEXT NOT NULL, sequence BIGSERIAL, id TEXT NOT NULL, PRIMARY KEY (peer, id));`,
  ],
};

const SELECT = sql<ConsentRow>('SELECT * FROM consent WHERE institution = $1 AND submission_id = $2');
const INSERT = sql('INSERT INTO consent VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING');
const SELECT_BY_SUBJECT = sql<ConsentRow>(
  'SELECT * FROM consent WHERE subject = $1 ORDER BY submission_id COLLATE "C"',
);
const INSERT_WITHDRAWAL = sql('INSERT INTO withdrawal VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING');
const INSERT_OWED = sql('INSERT INTO withdrawal_owed (peer, id) VALUES ($1, $2) ON CONFLICT DO NOTHING');
const SELECT_WITHDRAWAL = sql<WithdrawalRow>('SELECT * FROM withdrawal WHERE id = $1');
const SELECT_WITHDRAWALS = sql<WithdrawalRow>('SELECT * FROM withdrawal WHERE subject = $1 ORDER BY id COLLATE "C"');
const SELECT_OWED = sql<WithdrawalRow>(
  'SELECT withdrawal.* FROM withdrawal_owed JOIN withdrawal USING (id) WHERE peer = $1 ORDER BY sequence LIMIT $2',
);
const DELETE_OWED = sql('DELETE FROM withdrawal_owed WHERE peer = $1 AND id = ANY ($2::text[])');

/** Consents in a database that was opened with `consentsSchema` and `presenceSchema`. */
export const createPostgresConsentStore = (database: PostgresDatabase): ConsentStore => ({
  async find(institution, submissionId) {
    const row = await database.first(SELECT, institution, submissionId);
    return row && toConsent(row);
  },
  accept: (consent, use) =>
    database.write(async (tx) => {
      const { institution, submissionId, submissionHash, subject, presence, binding } = consent;
      // Written first: of two at once, one waits here and then finds the other's row.
      const values = [institution, submissionId, submissionHash, subject, presence, binding] as const;
      if ((await tx.run(INSERT, ...values)) === 1) {
        await usePresence(tx, use);
        return consent;
      }
      const known = await tx.first(SELECT, institution, submissionId);
      if (known?.submission_hash !== submissionHash) {
        throw new Problem('conflict', "the submission's id stands for something else");
      }
      return toConsent(known);
    }),
  listBySubject: async (subject) => (await database.all(SELECT_BY_SUBJECT, subject)).map(toConsent),

  withdraw: ({ id, subject, acceptedAt, presence, binding }, use, peers) =>
    database.write(async (tx) => {
      if ((await tx.run(INSERT_WITHDRAWAL, id, subject, acceptedAt.getTime(), presence, binding)) !== 1) return;
      if (use) await usePresence(tx, use);
      for (const peer of peers) await tx.run(INSERT_OWED, peer, id);
    }),
  async findWithdrawal(id) {
    const row = await database.first(SELECT_WITHDRAWAL, id);
    return row && toWithdrawal(row);
  },
  listWithdrawals: async (subject) => (await database.all(SELECT_WITHDRAWALS, subject)).map(toWithdrawal),
  readOwedWithdrawals: async (peer, count) => (await database.all(SELECT_OWED, peer, count)).map(toWithdrawal),
  settleWithdrawals: (peer, ids) => database.write(async (tx) => void (await tx.run(DELETE_OWED, peer, ids))),
});
