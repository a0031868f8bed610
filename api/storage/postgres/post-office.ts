import { furtherState, isFinalState } from '../../contract/envelope-progress.ts';
import type { InstitutionId } from '../../contract/ids.ts';
import { chooseFairly } from '../fair-lanes.ts';
import type { PostOfficeStore } from '../post-office.ts';
import { parseReceipts, toProgress, toUndelivered, toUnsent, type OutboxRow } from '../rows/post-office.ts';
import { createClaims } from './claims.ts';
import type { PostgresDatabase } from './database.ts';
import { enqueueEnvelope } from './outbox.ts';
import { createPieces } from './pieces.ts';
import { sql, type Queries } from './statement.ts';

export { postOfficeSchema } from './post-office-schema.ts';

const LANES = [0, 1, 2];
const AT = 'institution = $1 AND id = $2';
const UNDELIVERED = `state IN ('expired', 'refused') AND resent_as IS NULL AND NOT discarded`;
const DUE = `state IN ('accepted', 'held', 'forwarded', 'delivered')`;

const SELECT = sql<OutboxRow>(`SELECT * FROM outbox WHERE ${AT}`);
const LOCK = sql<OutboxRow>(`SELECT * FROM outbox WHERE ${AT} FOR UPDATE`);
const SELECT_UNSENT = sql<OutboxRow & { lane: number; body: string | null }>(
  `SELECT found.* FROM unnest('{0,1,2}'::int[]) AS wanted (number)
   CROSS JOIN LATERAL (SELECT * FROM outbox WHERE institution = $1 AND lane = wanted.number AND state IS NULL
     AND NOT recipient = ANY ($2::text[]) ORDER BY sequence LIMIT $3) AS found ORDER BY lane, sequence`,
);
const SELECT_BODIES = sql<{ id: string; body: string }>(
  'SELECT id, body FROM outbox_body WHERE institution = $1 AND id = ANY ($2::text[])',
);
const SELECT_DUE = sql<OutboxRow>(
  `SELECT * FROM outbox WHERE institution = $1 AND ${DUE} AND (look_again <= $2 OR look_again > $3)
   ORDER BY look_again LIMIT $4`,
);
const WITH_STATEMENT = `SELECT outbox.*, statement FROM outbox LEFT JOIN outbox_statement USING (institution, id)`;
const SELECT_UNDELIVERED = sql<OutboxRow & { statement: string | null }>(
  `${WITH_STATEMENT} WHERE institution = $1 AND ${UNDELIVERED} ORDER BY ended DESC LIMIT $2`,
);
const SELECT_UNDELIVERED_ONE = sql<OutboxRow & { statement: string | null }>(
  `${WITH_STATEMENT} WHERE ${AT} AND ${UNDELIVERED}`,
);
const LOCK_UNDELIVERED = sql(`SELECT id FROM outbox WHERE ${AT} AND ${UNDELIVERED} FOR UPDATE`);
const UPDATE = sql(`UPDATE outbox SET state = $3, reason = $4, receipts = $5, look_again = $6, ended = $7 WHERE ${AT}`);
const NOTE_RESENT = sql(`UPDATE outbox SET resent_as = $3 WHERE ${AT}`);
const NOTE_DISCARDED = sql(`UPDATE outbox SET discarded = TRUE WHERE ${AT}`);
const DELETE_BODY = sql(`DELETE FROM outbox_body WHERE ${AT}`);
const DELETE_CHUNKS = sql(`DELETE FROM outbox_chunk WHERE ${AT}`);
const DELETE_STATEMENT = sql(`DELETE FROM outbox_statement WHERE ${AT}`);
const SELECT_HANDLED = sql(`SELECT id FROM handled_envelope WHERE ${AT}`);

/** The envelopes of one institution in a database that was opened with `postOfficeSchema` and `claimsSchema`. */
export function createPostgresPostOfficeStore(database: PostgresDatabase, institution: InstitutionId): PostOfficeStore {
  const pieces = createPieces('outbox_chunk', 'institution');
  const claims = createClaims(database);
  /** The one that stands in the place of an envelope now. */
  async function newest(queries: Queries, id: string): Promise<OutboxRow | undefined> {
    const row = await queries.first(SELECT, institution, id);
    return row?.resent_as ? newest(queries, row.resent_as) : row;
  }

  return {
    async readUnsent({ count, bytes, except = [] }) {
      if (!(await claims.hold(`outbox ${institution}`))) return [];
      const found = await database.all(SELECT_UNSENT, institution, except, Math.max(1, count));
      const lanes = LANES.map((lane) => found.filter((row) => row.lane === lane));
      const rows = chooseFairly(lanes, { count, bytes }, ({ size }) => size);
      if (rows.length === 0) return [];
      const texts = await database.all(
        SELECT_BODIES,
        institution,
        rows.map(({ id }) => id),
      );
      const bodies = new Map(texts.map(({ id, body }) => [id, body]));
      return rows.map((row) => toUnsent(row, bodies.get(row.id) ?? null));
    },
    readPiece: (id, offset, length) => pieces.read(database, institution, id, offset, length),
    readDue: async ({ now, latest }, count) =>
      (await database.all(SELECT_DUE, institution, now.getTime(), latest.getTime(), count)).map(toProgress),
    noteState: (id, state, { receipts, reason, lookAgain, at }) =>
      database.write(async (tx) => {
        const row = await tx.first(LOCK, institution, id);
        if (!row) return;
        const known = parseReceipts(row.receipts);
        const all = JSON.stringify([...known, ...receipts.filter((receipt) => !known.includes(receipt))]);
        const next = row.state === null ? state : furtherState(row.state, state);
        const isChange = next !== row.state;
        const why = isChange ? (isFinalState(next) || next === 'held' ? (reason ?? null) : null) : row.reason;
        const ended = isChange && isFinalState(next) ? (at ?? lookAgain).getTime() : row.ended;
        await tx.run(UPDATE, institution, id, next, why, all, lookAgain.getTime(), ended);
        await tx.run(DELETE_BODY, institution, id);
        await tx.run(DELETE_CHUNKS, institution, id);
        if (next === 'acknowledged') await tx.run(DELETE_STATEMENT, institution, id);
      }),
    async read(id) {
      const row = await newest(database, id);
      return row && toProgress(row);
    },
    isHandled: async (id) => (await database.first(SELECT_HANDLED, institution, id)) !== undefined,
    readUndelivered: async (count) =>
      (await database.all(SELECT_UNDELIVERED, institution, count)).map((row) => toUndelivered(row, row.statement)),
    async readUndeliveredOne(id) {
      const row = await database.first(SELECT_UNDELIVERED_ONE, institution, id);
      return row && toUndelivered(row, row.statement);
    },
    resend: (id, outgoing) =>
      database.write(async (tx) => {
        if (!(await tx.first(LOCK_UNDELIVERED, institution, id))) return false;
        await enqueueEnvelope(tx, institution, outgoing);
        await tx.run(NOTE_RESENT, institution, id, outgoing.id);
        await tx.run(DELETE_STATEMENT, institution, id);
        return true;
      }),
    discard: (id) =>
      database.write(async (tx) => {
        if (!(await tx.first(LOCK_UNDELIVERED, institution, id))) return false;
        await tx.run(NOTE_DISCARDED, institution, id);
        await tx.run(DELETE_STATEMENT, institution, id);
        return true;
      }),
  };
}
