import { countCosignatures } from '../../contract/evidence/log-witnesses.ts';
import type { InstitutionId } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import { readVisitRecord } from '../../contract/visit-record.ts';
import type { GatewayVisit, GatewayVisitStore } from '../gateway-visits.ts';
import { encodeNullable, toKept, toVisit, type GatewayVisitRow } from '../rows/gateway-visits.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const gatewayVisitsSchema: PostgresSchema = {
  name: 'gateway-visits',
  tables: { gateway_visit: { by: 'institution' } },
  migrations: [
    `CREATE TABLE gateway_visit (institution TEXT NOT NULL, submission_id TEXT NOT NULL, visit_id TEXT NOT NULL,
       arrival BIGSERIAL, submission_hash TEXT NOT NULL, state TEXT NOT NULL, presented_at BIGINT NOT NULL,
       received_at BIGINT NOT NULL, accepted_at BIGINT, person TEXT, coverage TEXT NOT NULL, record TEXT, receipt TEXT,
       problem TEXT, submission TEXT, subject TEXT, attempts INTEGER NOT NULL DEFAULT 0,
       next_attempt BIGINT NOT NULL DEFAULT 0, cosignatures INTEGER NOT NULL DEFAULT 0,
       PRIMARY KEY (institution, submission_id), UNIQUE (institution, visit_id));
     CREATE INDEX gateway_visit_subject ON gateway_visit (institution, subject, received_at) WHERE subject IS NOT NULL;
     CREATE INDEX gateway_visit_received ON gateway_visit (institution, received_at);
     CREATE INDEX gateway_visit_kept ON gateway_visit (institution, received_at) WHERE state = 'kept';
     CREATE INDEX gateway_visit_without_receipt ON gateway_visit (institution, received_at)
       WHERE state = 'recorded' AND receipt IS NULL;
     CREATE INDEX gateway_visit_cosignatures ON gateway_visit (institution, cosignatures, received_at)
       WHERE state = 'recorded' AND receipt IS NOT NULL;`,
    `CREATE INDEX gateway_visit_unstamped ON gateway_visit (institution, accepted_at)
       WHERE receipt IS NOT NULL AND receipt::jsonb -> 'timestamp' IS NULL;`,
  ],
};

const OF_US = 'SELECT * FROM gateway_visit WHERE institution = $1';
const INSERT = sql(
  `INSERT INTO gateway_visit (institution, submission_id, visit_id, submission_hash, state, presented_at, received_at,
     coverage, submission) VALUES ($1, $2, $3, $4, 'kept', $5, $6, '{"status":"unchecked"}', $7) ON CONFLICT DO NOTHING`,
);
const SELECT = sql<GatewayVisitRow>(`${OF_US} AND submission_id = $2`);
const SELECT_BY_VISIT = sql<GatewayVisitRow>(`${OF_US} AND visit_id = $2`);
const SELECT_SINCE = sql<GatewayVisitRow>(
  `${OF_US} AND received_at >= $2 ORDER BY received_at DESC, arrival DESC LIMIT $3`,
);
const SELECT_AFTER = sql<GatewayVisitRow>(
  `${OF_US} AND received_at >= $2 AND (received_at, arrival) <
     (SELECT received_at, arrival FROM gateway_visit WHERE institution = $1 AND submission_id = $3)
   ORDER BY received_at DESC, arrival DESC LIMIT $4`,
);
const SELECT_KEPT = sql<GatewayVisitRow>(`${OF_US} AND submission_id = $2 AND state = 'kept'`);
const SELECT_DUE = sql<GatewayVisitRow>(
  `${OF_US} AND state = 'kept' AND next_attempt <= $2 ORDER BY received_at, arrival LIMIT $3`,
);
const COUNT_KEPT = sql<{ count: number }>(
  `SELECT count(*) AS count FROM gateway_visit WHERE institution = $1 AND state = 'kept'`,
);
const SELECT_BY_SUBJECT = sql<GatewayVisitRow>(`${OF_US} AND subject = $2 ORDER BY received_at, arrival`);
const UPDATE_RECORDED = sql(
  `UPDATE gateway_visit SET state = 'recorded', accepted_at = $3, person = $4, coverage = $5, record = $6, receipt = $7,
     cosignatures = $8, subject = $9, problem = NULL, submission = NULL
   WHERE institution = $1 AND submission_id = $2 AND state = 'kept'`,
);
const UPDATE_REFUSED = sql(
  `UPDATE gateway_visit SET state = 'refused', problem = $3, submission = NULL
   WHERE institution = $1 AND submission_id = $2 AND state = 'kept'`,
);
const UPDATE_POSTPONED = sql(
  `UPDATE gateway_visit SET problem = $3, next_attempt = $4, attempts = attempts + 1
   WHERE institution = $1 AND submission_id = $2 AND state = 'kept'`,
);
const SELECT_WITHOUT_RECEIPT = sql<GatewayVisitRow>(
  `${OF_US} AND state = 'recorded' AND receipt IS NULL ORDER BY received_at LIMIT $2`,
);
const SELECT_SCARCE = sql<GatewayVisitRow>(
  `${OF_US} AND state = 'recorded' AND receipt IS NOT NULL AND cosignatures < $2 ORDER BY received_at LIMIT $3`,
);
const SELECT_UNSTAMPED = sql<GatewayVisitRow>(
  `${OF_US} AND receipt IS NOT NULL AND receipt::jsonb -> 'timestamp' IS NULL AND accepted_at < $2
   ORDER BY accepted_at LIMIT $3`,
);
const UPDATE_RECEIPT = sql(
  'UPDATE gateway_visit SET receipt = $3, cosignatures = $4 WHERE institution = $1 AND submission_id = $2',
);

/** One institution's visits in a database that was opened with `gatewayVisitsSchema`. */
export function createPostgresGatewayVisitStore(
  database: PostgresDatabase,
  institution: InstitutionId,
): GatewayVisitStore {
  const found = (row: GatewayVisitRow | undefined): GatewayVisit | undefined => row && toVisit(row);

  return {
    keep: ({ visitId, submission, submissionHash, presentedAt, receivedAt }) =>
      database.write(async (tx) => {
        const { submissionId } = submission;
        const times = [presentedAt.getTime(), receivedAt.getTime()] as const;
        const text = JSON.stringify(submission);
        await tx.run(INSERT, institution, submissionId, visitId, submissionHash, ...times, text);
        const known = await tx.first(SELECT, institution, submissionId);
        if (!known) throw new Problem('presence_replayed', 'the proof came in another submission');
        if (known.submission_hash !== submissionHash) {
          throw new Problem('conflict', "the submission's id stands for something else");
        }
        return toVisit(known);
      }),
    find: async (submissionId) => found(await database.first(SELECT, institution, submissionId)),
    findByVisit: async (visitId) => found(await database.first(SELECT_BY_VISIT, institution, visitId)),
    listBySubject: async (subject) => (await database.all(SELECT_BY_SUBJECT, institution, subject)).map(toVisit),
    async list({ since, after, limit }) {
      const from = since?.getTime() ?? 0;
      const rows =
        after === undefined
          ? await database.all(SELECT_SINCE, institution, from, limit)
          : await database.all(SELECT_AFTER, institution, from, after, limit);
      return rows.map(toVisit);
    },
    async findKept(submissionId) {
      const row = await database.first(SELECT_KEPT, institution, submissionId);
      return row && toKept(row);
    },
    listDue: async (now, limit) => (await database.all(SELECT_DUE, institution, now.getTime(), limit)).map(toKept),
    countKept: async () => (await database.first(COUNT_KEPT, institution))?.count ?? 0,
    settleRecorded: (submissionId, { acceptedAt, person, coverage, record, receipt }) =>
      database.write(async (tx) => {
        const told = [encodeNullable(person), JSON.stringify(coverage), record, encodeNullable(receipt)] as const;
        const cosignatures = countCosignatures(receipt?.proof ?? '');
        const { subject } = readVisitRecord(record);
        await tx.run(
          ...([
            UPDATE_RECORDED,
            institution,
            submissionId,
            acceptedAt.getTime(),
            ...told,
            cosignatures,
            subject,
          ] as const),
        );
      }),
    settleRefused: (submissionId, problem) =>
      database.write(
        async (tx) => void (await tx.run(UPDATE_REFUSED, institution, submissionId, JSON.stringify(problem))),
      ),
    postpone: (submissionId, problem, nextAttempt) =>
      database.write(async (tx) => {
        await tx.run(UPDATE_POSTPONED, institution, submissionId, JSON.stringify(problem), nextAttempt.getTime());
      }),
    listWithoutReceipt: async (limit) => (await database.all(SELECT_WITHOUT_RECEIPT, institution, limit)).map(toVisit),
    listScarcelyCosigned: async (threshold, limit) =>
      (await database.all(SELECT_SCARCE, institution, threshold, limit)).map(toVisit),
    listUnstamped: async (acceptedBefore, limit) =>
      (await database.all(SELECT_UNSTAMPED, institution, acceptedBefore.getTime(), limit)).map(toVisit),
    saveReceipt: (submissionId, receipt) =>
      database.write(async (tx) => {
        const values = [JSON.stringify(receipt), countCosignatures(receipt.proof)] as const;
        await tx.run(UPDATE_RECEIPT, institution, submissionId, ...values);
      }),
  };
}
