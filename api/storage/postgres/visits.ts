import { Problem } from '../../contract/problem.ts';
import { toVisit, type VisitRow } from '../rows/visits.ts';
import type { NewVisit, StoredVisit, VisitPlace, VisitStore } from '../visits.ts';
import type { PostgresDatabase } from './database.ts';
import { appendLeaf, lockSequencer } from './evidence.ts';
import { usePresence } from './presence.ts';
import type { PostgresSchema } from './schema.ts';
import { sql, type Queries } from './statement.ts';

/**
 * Needs `evidenceSchema` and `presenceSchema` in the same database. A person's records lie together; who submitted what is
 * claimed where the institution is. The heads of both chains are rows of their own, whose locks order what belongs to them;
 * numbers of institutions outlive the records they were given to.
 */
export const visitsSchema: PostgresSchema = {
  name: 'visits',
  tables: {
    visit: { by: 'subject' },
    visit_salt: { by: 'subject' },
    visit_subject: { by: 'subject' },
    visit_submission: { by: 'institution' },
    visit_sequence: { by: 'institution' },
  },
  migrations: [
    `CREATE TABLE visit (subject TEXT NOT NULL, leaf BIGINT NOT NULL, id TEXT NOT NULL, institution TEXT NOT NULL,
       sequence BIGINT NOT NULL, submission_id TEXT NOT NULL, submission_hash TEXT NOT NULL, record TEXT NOT NULL,
       PRIMARY KEY (subject, leaf));
     CREATE INDEX visit_id ON visit (id);
     CREATE INDEX visit_leaf ON visit (leaf);
     CREATE TABLE visit_salt (subject TEXT NOT NULL, leaf BIGINT NOT NULL, salt BYTEA NOT NULL,
       PRIMARY KEY (subject, leaf), FOREIGN KEY (subject, leaf) REFERENCES visit (subject, leaf));
     CREATE TABLE visit_subject (subject TEXT PRIMARY KEY, record_hash TEXT);
     CREATE TABLE visit_submission (institution TEXT NOT NULL, submission_id TEXT NOT NULL, subject TEXT NOT NULL,
       PRIMARY KEY (institution, submission_id));
     CREATE INDEX visit_submission_subject ON visit_submission (subject);
     CREATE TABLE visit_sequence (institution TEXT PRIMARY KEY, last BIGINT NOT NULL);`,
  ],
};

const SELECT = 'SELECT visit.*, salt FROM visit JOIN visit_salt USING (subject, leaf)';
const SELECT_BY_ID = sql<VisitRow>(`${SELECT} WHERE id = $1`);
const SELECT_SUBMISSION = sql<{ subject: string }>(
  'SELECT subject FROM visit_submission WHERE institution = $1 AND submission_id = $2',
);
const SELECT_SUBMITTED = sql<VisitRow>(
  `${SELECT} WHERE visit.subject = $1 AND institution = $2 AND submission_id = $3`,
);
const SELECT_BY_SUBJECT = sql<VisitRow>(`${SELECT} WHERE visit.subject = $1 ORDER BY leaf`);
const CLAIM_SUBMISSION = sql('INSERT INTO visit_submission VALUES ($1, $2, $3) ON CONFLICT DO NOTHING');
const MEET_SUBJECT = sql('INSERT INTO visit_subject VALUES ($1, NULL) ON CONFLICT DO NOTHING');
const LOCK_SUBJECT = sql<{ record_hash: string | null }>(
  'SELECT record_hash FROM visit_subject WHERE subject = $1 FOR UPDATE',
);
const MOVE_SUBJECT = sql('UPDATE visit_subject SET record_hash = $2 WHERE subject = $1');
const TAKE_SEQUENCE = sql<{ last: number }>(
  `INSERT INTO visit_sequence AS held VALUES ($1, 1)
   ON CONFLICT (institution) DO UPDATE SET last = held.last + 1 RETURNING last`,
);
const INSERT = sql(
  `INSERT INTO visit (subject, leaf, id, institution, sequence, submission_id, submission_hash, record)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const INSERT_SALT = sql('INSERT INTO visit_salt VALUES ($1, $2, $3)');
const COUNT = sql<{ count: number }>('SELECT count(*) AS count FROM visit');
const SELECT_OPENINGS = sql<Pick<VisitRow, 'leaf' | 'record' | 'salt'>>(
  'SELECT leaf, record, salt FROM visit JOIN visit_salt USING (subject, leaf) WHERE leaf >= $1 AND leaf < $2',
);
const DELETE_SALTS = sql('DELETE FROM visit_salt WHERE subject = $1');
const DELETE_VISITS = sql('DELETE FROM visit WHERE subject = $1');
const DELETE_SUBMISSIONS = sql('DELETE FROM visit_submission WHERE subject = $1');
const DELETE_SUBJECT = sql('DELETE FROM visit_subject WHERE subject = $1');
const VACUUM = sql('VACUUM visit_salt, visit, visit_submission, visit_subject');

async function findSubmitted(
  queries: Queries,
  institution: string,
  submissionId: string,
): Promise<StoredVisit | undefined> {
  const submission = await queries.first(SELECT_SUBMISSION, institution, submissionId);
  const row = submission && (await queries.first(SELECT_SUBMITTED, submission.subject, institution, submissionId));
  return row && toVisit(row);
}

/** The heads' rows stay locked until the commit. */
async function takePlace(tx: Queries, { subject, institution }: NewVisit): Promise<VisitPlace> {
  await tx.run(MEET_SUBJECT, subject);
  const head = await tx.first(LOCK_SUBJECT, subject);
  const taken = await tx.first(TAKE_SEQUENCE, institution);
  return { previous: head?.record_hash ?? null, sequence: taken?.last ?? NaN };
}

/** Visit records in a database that was opened with `visitsSchema`, `presenceSchema` and `evidenceSchema`. */
export const createPostgresVisitStore = (database: PostgresDatabase): VisitStore => ({
  findBySubmission: (institution, submissionId) => findSubmitted(database, institution, submissionId),
  async find(id) {
    const row = await database.first(SELECT_BY_ID, id);
    return row && toVisit(row);
  },
  accept: (visit, seal) =>
    database.writeTogether(async (tx) => {
      await lockSequencer(tx);
      const { use, ...kept } = visit;
      const { id, institution, subject, submissionId, submissionHash } = visit;
      if ((await tx.run(CLAIM_SUBMISSION, institution, submissionId, subject)) !== 1) {
        const known = await findSubmitted(tx, institution, submissionId);
        if (known?.submissionHash === submissionHash) return known;
        throw new Problem('conflict', "the submission's id stands for something else");
      }
      await usePresence(tx, use);
      const place = await takePlace(tx, visit);
      const { record, recordHash, salt, commitment } = seal(place);
      const leaf = await appendLeaf(tx, commitment);
      await tx.run(MOVE_SUBJECT, subject, recordHash);
      await tx.run(INSERT, subject, leaf, id, institution, place.sequence, submissionId, submissionHash, record);
      await tx.run(INSERT_SALT, subject, leaf, salt);
      return { ...kept, record, salt, leaf };
    }),
  listBySubject: async (subject) => (await database.all(SELECT_BY_SUBJECT, subject)).map(toVisit),
  readOpenings: async (begin, end) =>
    new Map(
      (await database.all(SELECT_OPENINGS, begin, end)).map(({ leaf, record, salt }) => [leaf, { record, salt }]),
    ),
  async forget(subject) {
    const count = await database.write(async (tx) => {
      await tx.first(LOCK_SUBJECT, subject);
      await tx.run(DELETE_SALTS, subject);
      await tx.run(DELETE_SUBMISSIONS, subject);
      const deleted = await tx.run(DELETE_VISITS, subject);
      await tx.run(DELETE_SUBJECT, subject);
      return deleted;
    });
    // Takes the rows out of the tables' files; what the write-ahead log, a standby and backups hold goes with their age.
    await database.run(VACUUM);
    return count;
  },
  count: async () => (await database.first(COUNT))?.count ?? 0,
});
