import type { InstitutionId } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import {
  toInboxEntry,
  toInboxRow,
  toLogTexts,
  toSendLogRow,
  toSentRequest,
  type InboxRow,
  type LogRow,
  type SentRow,
} from '../rows/sharing.ts';
import type { InboxAnswer, InboxEntry, SharingStore } from '../sharing.ts';
import { queueEvents } from './access-outbox.ts';
import type { PostgresDatabase } from './database.ts';
import { enqueueEnvelope, noteHandled } from './outbox.ts';
import { sql, type Queries } from './statement.ts';

export { sharingSchema } from './sharing-schema.ts';

const OURS = 'WHERE institution = $1';
const SELECT_SENT = sql<SentRow>(`SELECT * FROM sent_request ${OURS} AND id = $2`);
const LOCK_SENT = sql<SentRow>(`SELECT * FROM sent_request ${OURS} AND id = $2 FOR UPDATE`);
const LIST_SENT = sql<SentRow>(`SELECT * FROM sent_request ${OURS} ORDER BY id COLLATE "C" DESC`);
const INSERT_SENT = sql(
  `INSERT INTO sent_request (institution, id, hash, request, subject, envelope_id) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT DO NOTHING`,
);
const UPDATE_SENT = sql(
  `UPDATE sent_request SET answer_kind = $3, answered_at = $4, statement = $5 ${OURS} AND id = $2`,
);
const SELECT_INBOX = sql<InboxRow>(`SELECT * FROM inbox_request ${OURS} AND id = $2`);
const LOCK_INBOX = sql<InboxRow>(`SELECT * FROM inbox_request ${OURS} AND id = $2 FOR UPDATE`);
const NEWEST = 'ORDER BY received_at DESC, id COLLATE "C" DESC';
const ANSWERED = `SELECT * FROM inbox_request ${OURS} AND state <> 'open'`;
const LIST_ANSWERED = sql<InboxRow>(`${ANSWERED} ${NEWEST} LIMIT $2`);
const LIST_ANSWERED_AFTER = sql<InboxRow>(
  `${ANSWERED} AND (received_at, id COLLATE "C") <
     (SELECT received_at, id COLLATE "C" FROM inbox_request ${OURS} AND id = $2)
   ${NEWEST} LIMIT $3`,
);
const LIST_OPEN = sql<InboxRow>(
  `SELECT * FROM inbox_request ${OURS} AND state = 'open' ORDER BY received_at, id COLLATE "C"`,
);
const LIST_UNSEEN = sql<InboxRow>(
  `SELECT * FROM inbox_request ${OURS} AND has_alarm = 1 AND alarm_seen_at IS NULL ${NEWEST}`,
);
const LIST_SINCE = sql<InboxRow>(`SELECT * FROM inbox_request ${OURS} AND received_at >= $2 ${NEWEST}`);
const INSERT_INBOX = sql(
  `INSERT INTO inbox_request (institution, id, hash, request, sender, received_at, doctor, checks, state, answered_at,
     answered_by, decision, has_alarm)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
);
const UPDATE_INBOX = sql(`UPDATE inbox_request SET state = $3, answered_at = $4, answered_by = $5 ${OURS} AND id = $2`);
const UPDATE_LOOK = sql(`UPDATE inbox_request SET checks = $3, decision = $4 ${OURS} AND id = $2 AND state = 'open'`);
const UPDATE_ALARM = sql(
  `UPDATE inbox_request SET alarm_seen_at = $3, alarm_seen_by = $4 ${OURS} AND id = $2 AND alarm_seen_at IS NULL`,
);
const SELECT_LOG = sql<LogRow>(`SELECT * FROM send_log ${OURS} AND release_id = $2`);
const NEWEST_RELEASE = 'ORDER BY released_at DESC, release_id COLLATE "C" DESC';
const LIST_LOG = sql<LogRow>(`SELECT * FROM send_log ${OURS} ${NEWEST_RELEASE} LIMIT $2`);
const LIST_LOG_AFTER = sql<LogRow>(
  `SELECT * FROM send_log ${OURS} AND (released_at, release_id COLLATE "C") <
     (SELECT released_at, release_id COLLATE "C" FROM send_log ${OURS} AND release_id = $2)
   ${NEWEST_RELEASE} LIMIT $3`,
);
const INSERT_LOG = sql(
  `INSERT INTO send_log (institution, release_id, release_hash, request_id, recipient, doctor, subject, kinds, documents,
     released_at, consent, envelope_id, answered_by, policy_version, basis, withheld, event_id)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
);
const UPDATE_LOG = sql(
  `UPDATE send_log SET delivery_receipt = $3, delivered_at = $4 ${OURS} AND release_id = $2 AND delivery_receipt IS NULL`,
);

/** Requests, answers and the send log of one institution, in a database opened with `sharingSchema` and those it needs. */
export function createPostgresSharingStore(database: PostgresDatabase, institution: InstitutionId): SharingStore {
  const requireInbox = async (queries: Queries, id: string, statement = SELECT_INBOX): Promise<InboxRow> => {
    const row = await queries.first(statement, institution, id);
    if (!row) throw new Problem('not_found', 'no such request');
    return row;
  };
  async function insertInbox(tx: Queries, entry: InboxEntry): Promise<boolean> {
    const row = toInboxRow(entry);
    const came = [row.id, row.hash, row.request, row.sender, row.receivedAt, row.doctor, row.checks] as const;
    const stands = [row.state, row.answeredAt, row.answeredBy, row.decision, row.hasAlarm] as const;
    return (await tx.run(INSERT_INBOX, institution, ...came, ...stands)) === 1;
  }
  async function insertLog(tx: Queries, log: NonNullable<InboxAnswer['log']>, envelopeId: string): Promise<void> {
    const row = toLogTexts(log);
    const what = [row.releaseId, row.releaseHash, row.requestId, row.to, row.doctor, row.subject] as const;
    const held = [row.kinds, row.documents, row.releasedAt, row.consent, envelopeId] as const;
    const why = [row.by, row.policyVersion, row.basis, row.withheld, row.eventId] as const;
    await tx.run(INSERT_LOG, institution, ...what, ...held, ...why);
  }

  return {
    postRequest: ({ id, hash, request, subject }, outgoing) =>
      database.write(async (tx) => {
        if ((await tx.run(INSERT_SENT, institution, id, hash, request, subject, outgoing.id)) === 1) {
          await enqueueEnvelope(tx, institution, outgoing);
          return { id, hash, request, subject, envelopeId: outgoing.id, answer: null };
        }
        const known = await tx.first(SELECT_SENT, institution, id);
        if (known?.hash !== hash) throw new Problem('conflict', 'the id stands for another request');
        return toSentRequest(known);
      }),
    async readSent(id) {
      const row = await database.first(SELECT_SENT, institution, id);
      return row && toSentRequest(row);
    },
    listSent: async () => (await database.all(LIST_SENT, institution)).map(toSentRequest),
    receiveAnswer: (requestId, answer, arrival, receipt) =>
      database.write(async (tx) => {
        const row = await tx.first(LOCK_SENT, institution, requestId);
        if (!row) throw new Problem('release_not_requested', 'no such request of ours');
        if (!(await noteHandled(tx, institution, arrival.envelopeId, arrival.at))) return;
        if (row.statement !== null && row.statement !== answer.statement) {
          throw new Problem('request_already_answered', 'there is another answer');
        }
        if (row.statement !== null) return;
        await tx.run(UPDATE_SENT, institution, requestId, answer.kind, answer.at.getTime(), answer.statement);
        if (receipt) await enqueueEnvelope(tx, institution, receipt);
      }),

    receiveRequest: (entry, arrival, { refusal, events = [] } = {}) =>
      database.write(async (tx) => {
        if (!(await noteHandled(tx, institution, arrival.envelopeId, arrival.at))) return;
        if (!(await insertInbox(tx, entry))) throw new Problem('request_replayed', 'the request came before');
        await queueEvents(tx, institution, events);
        if (refusal) await enqueueEnvelope(tx, institution, refusal);
      }),
    async readInbox(id) {
      const row = await database.first(SELECT_INBOX, institution, id);
      return row && toInboxEntry(row);
    },
    async listAnswered({ after, limit }) {
      const rows =
        after === undefined
          ? await database.all(LIST_ANSWERED, institution, limit)
          : await database.all(LIST_ANSWERED_AFTER, institution, after, limit);
      return rows.map(toInboxEntry);
    },
    listOpen: async () => (await database.all(LIST_OPEN, institution)).map(toInboxEntry),
    listUnseen: async () => (await database.all(LIST_UNSEEN, institution)).map(toInboxEntry),
    listSince: async (since) => (await database.all(LIST_SINCE, institution, since.getTime())).map(toInboxEntry),
    noteLook: (id, { checks, decision }) =>
      database.write(async (tx) => {
        const texts = [JSON.stringify(checks), decision && JSON.stringify(decision)] as const;
        await tx.run(UPDATE_LOOK, institution, id, ...texts);
      }),
    acknowledgeAlarm: (id, { by, at }) =>
      database.write(async (tx) => {
        if ((await requireInbox(tx, id, LOCK_INBOX)).has_alarm === 0) throw new Problem('not_found', 'no alarm');
        await tx.run(UPDATE_ALARM, institution, id, at.getTime(), by);
        return toInboxEntry(await requireInbox(tx, id));
      }),
    answerRequest: (id, { state, at, by, outgoing, events, log }) =>
      database.write(async (tx) => {
        const row = await requireInbox(tx, id, LOCK_INBOX);
        if (row.state === state) return toInboxEntry(row);
        if (row.state !== 'open') throw new Problem('request_already_answered', `it was ${row.state}`);
        await tx.run(UPDATE_INBOX, institution, id, state, at.getTime(), by);
        if (log) await insertLog(tx, log, outgoing.id);
        await queueEvents(tx, institution, events);
        await enqueueEnvelope(tx, institution, outgoing);
        return toInboxEntry(await requireInbox(tx, id));
      }),

    async listSendLog({ after, limit }) {
      const rows =
        after === undefined
          ? await database.all(LIST_LOG, institution, limit)
          : await database.all(LIST_LOG_AFTER, institution, after, limit);
      return rows.map(toSendLogRow);
    },
    async readSendLog(releaseId) {
      const row = await database.first(SELECT_LOG, institution, releaseId);
      return row && toSendLogRow(row);
    },
    receiveDelivery: (releaseId, { jws, at }, arrival) =>
      database.write(async (tx) => {
        if (!(await noteHandled(tx, institution, arrival.envelopeId, arrival.at))) return;
        await tx.run(UPDATE_LOG, institution, releaseId, jws, at.getTime());
      }),
  };
}
