import { countCosignatures } from '../../contract/evidence/log-witnesses.ts';
import { Problem } from '../../contract/problem.ts';
import { readVisitRecord } from '../../contract/visit-record.ts';
import type { GatewayVisitStore } from '../gateway-visits.ts';
import { type GatewayVisitRow, toVisit, toKept, encodeNullable } from '../rows/gateway-visits.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const gatewayVisitsSchema: Schema = {
  name: 'gateway-visits',
  migrations: [
    `CREATE TABLE gateway_visit (submission_id TEXT PRIMARY KEY, visit_id TEXT NOT NULL UNIQUE,
       submission_hash TEXT NOT NULL, state TEXT NOT NULL, presented_at INTEGER NOT NULL, received_at INTEGER NOT NULL,
       accepted_at INTEGER, person TEXT, coverage TEXT NOT NULL, record TEXT, receipt TEXT, problem TEXT,
       submission TEXT, subject TEXT, attempts INTEGER NOT NULL DEFAULT 0, next_attempt INTEGER NOT NULL DEFAULT 0) STRICT;
     CREATE INDEX gateway_visit_subject ON gateway_visit (subject, received_at) WHERE subject IS NOT NULL;
     CREATE INDEX gateway_visit_received ON gateway_visit (received_at);
     CREATE INDEX gateway_visit_kept ON gateway_visit (received_at) WHERE state = 'kept';
     CREATE INDEX gateway_visit_without_receipt ON gateway_visit (received_at)
       WHERE state = 'recorded' AND receipt IS NULL;`,
    `ALTER TABLE gateway_visit ADD COLUMN cosignatures INTEGER NOT NULL DEFAULT 0;
     CREATE INDEX gateway_visit_cosignatures ON gateway_visit (cosignatures, received_at)
       WHERE state = 'recorded' AND receipt IS NOT NULL;`,
    `CREATE INDEX gateway_visit_unstamped ON gateway_visit (accepted_at)
       WHERE receipt IS NOT NULL AND json_extract(receipt, '$.timestamp') IS NULL;`,
  ],
};

/** A gateway's visits in an embedded database that was opened with `gatewayVisitsSchema`. */
export function createSqliteGatewayVisitStore(database: SqliteDatabase): GatewayVisitStore {
  const { connection } = database;
  const insert = connection.prepare<[string, string, string, number, number, string]>(
    `INSERT INTO gateway_visit (submission_id, visit_id, submission_hash, state, presented_at, received_at, coverage,
       submission) VALUES (?, ?, ?, 'kept', ?, ?, '{"status":"unchecked"}', ?)`,
  );
  const select = connection.prepare<[string], GatewayVisitRow>('SELECT * FROM gateway_visit WHERE submission_id = ?');
  const selectByVisit = connection.prepare<[string], GatewayVisitRow>('SELECT * FROM gateway_visit WHERE visit_id = ?');
  const selectSince = connection.prepare<[number, number], GatewayVisitRow>(
    'SELECT * FROM gateway_visit WHERE received_at >= ? ORDER BY received_at DESC, rowid DESC LIMIT ?',
  );
  const selectAfter = connection.prepare<[number, string, number], GatewayVisitRow>(
    `SELECT * FROM gateway_visit WHERE received_at >= ?
       AND (received_at, rowid) < (SELECT received_at, rowid FROM gateway_visit WHERE submission_id = ?)
     ORDER BY received_at DESC, rowid DESC LIMIT ?`,
  );
  const selectKept = connection.prepare<[string], GatewayVisitRow>(
    `SELECT * FROM gateway_visit WHERE submission_id = ? AND state = 'kept'`,
  );
  const selectDue = connection.prepare<[number, number], GatewayVisitRow>(
    `SELECT * FROM gateway_visit WHERE state = 'kept' AND next_attempt <= ? ORDER BY received_at, rowid LIMIT ?`,
  );
  const countKept = connection.prepare<[], { count: number }>(
    `SELECT count(*) AS count FROM gateway_visit WHERE state = 'kept'`,
  );
  const selectBySubject = connection.prepare<[string], GatewayVisitRow>(
    'SELECT * FROM gateway_visit WHERE subject = ? ORDER BY received_at, rowid',
  );
  const updateRecorded = connection.prepare<
    [number, string | null, string, string, string | null, number, string, string]
  >(
    `UPDATE gateway_visit SET state = 'recorded', accepted_at = ?, person = ?, coverage = ?, record = ?, receipt = ?,
       cosignatures = ?, subject = ?, problem = NULL, submission = NULL WHERE submission_id = ? AND state = 'kept'`,
  );
  const updateRefused = connection.prepare<[string, string]>(
    `UPDATE gateway_visit SET state = 'refused', problem = ?, submission = NULL
     WHERE submission_id = ? AND state = 'kept'`,
  );
  const updatePostponed = connection.prepare<[string, number, string]>(
    `UPDATE gateway_visit SET problem = ?, next_attempt = ?, attempts = attempts + 1
     WHERE submission_id = ? AND state = 'kept'`,
  );
  const selectWithoutReceipt = connection.prepare<[number], GatewayVisitRow>(
    `SELECT * FROM gateway_visit WHERE state = 'recorded' AND receipt IS NULL ORDER BY received_at LIMIT ?`,
  );
  const selectScarce = connection.prepare<[number, number], GatewayVisitRow>(
    `SELECT * FROM gateway_visit WHERE state = 'recorded' AND receipt IS NOT NULL AND cosignatures < ?
     ORDER BY received_at LIMIT ?`,
  );
  const selectUnstamped = connection.prepare<[number, number], GatewayVisitRow>(
    `SELECT * FROM gateway_visit WHERE receipt IS NOT NULL AND json_extract(receipt, '$.timestamp') IS NULL
       AND accepted_at < ? ORDER BY accepted_at LIMIT ?`,
  );
  const updateReceipt = connection.prepare<[string, number, string]>(
    'UPDATE gateway_visit SET receipt = ?, cosignatures = ? WHERE submission_id = ?',
  );
  const found = (row: GatewayVisitRow | undefined) => Promise.resolve(row && toVisit(row));

  return {
    keep: ({ visitId, submission, submissionHash, presentedAt, receivedAt }) =>
      database.write(() => {
        const known = select.get(submission.submissionId);
        if (known && known.submission_hash !== submissionHash) {
          throw new Problem('conflict', "the submission's id stands for something else");
        }
        if (known) return toVisit(known);
        if (selectByVisit.get(visitId)) throw new Problem('presence_replayed', 'the proof came in another submission');
        const text = JSON.stringify(submission);
        insert.run(submission.submissionId, visitId, submissionHash, presentedAt.getTime(), receivedAt.getTime(), text);
        return toVisit(select.get(submission.submissionId)!);
      }),
    find: (submissionId) => found(select.get(submissionId)),
    findByVisit: (visitId) => found(selectByVisit.get(visitId)),
    listBySubject: (subject) => Promise.resolve(selectBySubject.all(subject).map(toVisit)),
    list({ since, after, limit }) {
      const from = since?.getTime() ?? 0;
      const rows = after === undefined ? selectSince.all(from, limit) : selectAfter.all(from, after, limit);
      return Promise.resolve(rows.map(toVisit));
    },
    findKept(submissionId) {
      const row = selectKept.get(submissionId);
      return Promise.resolve(row && toKept(row));
    },
    listDue: (now, limit) => Promise.resolve(selectDue.all(now.getTime(), limit).map(toKept)),
    countKept: () => Promise.resolve(countKept.get()?.count ?? 0),
    settleRecorded: (submissionId, { acceptedAt, person, coverage, record, receipt }) =>
      database.write(() => {
        const [encodedPerson, encodedReceipt] = [encodeNullable(person), encodeNullable(receipt)];
        const encodedCoverage = JSON.stringify(coverage);
        const { subject } = readVisitRecord(record);
        const accepted = acceptedAt.getTime();
        const cosignatures = countCosignatures(receipt?.proof ?? '');
        const told = [accepted, encodedPerson, encodedCoverage, record, encodedReceipt] as const;
        updateRecorded.run(...told, cosignatures, subject, submissionId);
      }),
    settleRefused: (submissionId, problem) =>
      database.write(() => {
        updateRefused.run(JSON.stringify(problem), submissionId);
      }),
    postpone: (submissionId, problem, nextAttempt) =>
      database.write(() => {
        updatePostponed.run(JSON.stringify(problem), nextAttempt.getTime(), submissionId);
      }),
    listScarcelyCosigned: (threshold, limit) => Promise.resolve(selectScarce.all(threshold, limit).map(toVisit)),
    listUnstamped: (acceptedBefore, limit) =>
      Promise.resolve(selectUnstamped.all(acceptedBefore.getTime(), limit).map(toVisit)),
    listWithoutReceipt: (limit) => Promise.resolve(selectWithoutReceipt.all(limit).map(toVisit)),
    saveReceipt: (submissionId, receipt) =>
      database.write(() => {
        updateReceipt.run(JSON.stringify(receipt), countCosignatures(receipt.proof), submissionId);
      }),
  };
}
