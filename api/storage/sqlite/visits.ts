import type { InstitutionId, Subject } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import type { NewVisit, StoredVisit, VisitPlace, VisitStore } from '../visits.ts';
import { type VisitRow, toVisit } from '../rows/visits.ts';
import type { Schema, SqliteDatabase } from './database.ts';
import { eraseDurably } from './erase.ts';
import { appendLeaf } from './evidence.ts';
import { usePresence } from './presence.ts';

/** Needs `evidenceSchema` and `presenceSchema` in the same database. */
export const visitsSchema: Schema = {
  name: 'visits',
  migrations: [
    `CREATE TABLE visit (leaf INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, institution TEXT NOT NULL,
       sequence INTEGER NOT NULL, subject TEXT NOT NULL, submission_id TEXT NOT NULL, submission_hash TEXT NOT NULL,
       record TEXT NOT NULL, record_hash TEXT NOT NULL, UNIQUE (institution, sequence),
       UNIQUE (institution, submission_id)) STRICT;
     CREATE INDEX visit_subject ON visit (subject, leaf);
     CREATE TABLE visit_salt (leaf INTEGER PRIMARY KEY REFERENCES visit (leaf), salt BLOB NOT NULL) STRICT;`,
    // Numbers outlive the records they were given to: forgetting must not give one again.
    `CREATE TABLE visit_sequence (institution TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
     INSERT INTO visit_sequence SELECT institution, max(sequence) FROM visit GROUP BY institution;`,
  ],
};

const SELECT = 'SELECT visit.*, salt FROM visit JOIN visit_salt USING (leaf)';

/** Visit records in an embedded database that was opened with `visitsSchema`, `presenceSchema` and `evidenceSchema`. */
export function createSqliteVisitStore(database: SqliteDatabase): VisitStore {
  const { connection } = database;
  const selectById = connection.prepare<[string], VisitRow>(`${SELECT} WHERE id = ?`);
  const selectBySubmission = connection.prepare<[string, string], VisitRow>(
    `${SELECT} WHERE institution = ? AND submission_id = ?`,
  );
  const selectBySubject = connection.prepare<[string], VisitRow>(`${SELECT} WHERE subject = ? ORDER BY leaf`);
  const selectHead = connection.prepare<[string], { record_hash: string }>(
    'SELECT record_hash FROM visit WHERE subject = ? ORDER BY leaf DESC LIMIT 1',
  );
  const takeSequence = connection.prepare<[string], { last: number }>(
    `INSERT INTO visit_sequence VALUES (?, 1) ON CONFLICT (institution) DO UPDATE SET last = last + 1 RETURNING last`,
  );
  const selectOpenings = connection.prepare<[number, number], Pick<VisitRow, 'leaf' | 'record' | 'salt'>>(
    'SELECT leaf, record, salt FROM visit JOIN visit_salt USING (leaf) WHERE leaf >= ? AND leaf < ?',
  );
  const deleteSalts = connection.prepare<[string]>(
    'DELETE FROM visit_salt WHERE leaf IN (SELECT leaf FROM visit WHERE subject = ?)',
  );
  const deleteVisits = connection.prepare<[string]>('DELETE FROM visit WHERE subject = ?');
  const countAll = connection.prepare<[], { count: number }>('SELECT count(*) AS count FROM visit');
  const insert = connection.prepare<[number, string, string, number, string, string, string, string, string]>(
    `INSERT INTO visit (leaf, id, institution, sequence, subject, submission_id, submission_hash, record, record_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertSalt = connection.prepare<[number, Uint8Array]>('INSERT INTO visit_salt VALUES (?, ?)');
  const found = (row: VisitRow | undefined) => Promise.resolve(row && toVisit(row));

  const takePlace = (subject: Subject, institution: InstitutionId): VisitPlace => ({
    previous: selectHead.get(subject)?.record_hash ?? null,
    sequence: takeSequence.get(institution)?.last ?? NaN,
  });

  return {
    findBySubmission: (institution, submissionId) => found(selectBySubmission.get(institution, submissionId)),
    find: (id) => found(selectById.get(id)),
    accept: (visit, seal) =>
      database.write((db) => {
        const known = selectBySubmission.get(visit.institution, visit.submissionId);
        if (known) return requireSame(toVisit(known), visit);
        const { use, ...kept } = visit;
        usePresence(db, use);
        const place = takePlace(visit.subject, visit.institution);
        const { record, recordHash, salt, commitment } = seal(place);
        const leaf = appendLeaf(db, commitment);
        const { id, institution, subject, submissionId, submissionHash } = visit;
        insert.run(leaf, id, institution, place.sequence, subject, submissionId, submissionHash, record, recordHash);
        insertSalt.run(leaf, salt);
        return { ...kept, record, salt, leaf };
      }),
    listBySubject: (subject) => Promise.resolve(selectBySubject.all(subject).map(toVisit)),
    readOpenings: (begin, end) =>
      Promise.resolve(
        new Map(
          selectOpenings
            .all(begin, end)
            .map(({ leaf, record, salt }) => [leaf, { record, salt: new Uint8Array(salt) }]),
        ),
      ),
    forget: (subject) =>
      eraseDurably(database, () => {
        deleteSalts.run(subject);
        return deleteVisits.run(subject).changes;
      }),
    count: () => Promise.resolve(countAll.get()?.count ?? 0),
  };
}

function requireSame(known: StoredVisit, visit: NewVisit): StoredVisit {
  if (known.submissionHash !== visit.submissionHash) {
    throw new Problem('conflict', "the submission's id stands for something else");
  }
  return known;
}
