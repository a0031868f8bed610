import { Problem } from '../../contract/problem.ts';
import type { SharingStore } from '../sharing.ts';
import type { Schema, SqliteDatabase } from './database.ts';
import { queueEvents } from './access-outbox.ts';
import { enqueueEnvelope, noteHandled } from './post-office.ts';
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

/** Needs `postOfficeSchema` and `accessOutboxSchema` in the same database: all change in one commit. */
export const sharingSchema: Schema = {
  name: 'sharing',
  migrations: [
    `CREATE TABLE sent_request (
       id TEXT PRIMARY KEY, hash TEXT NOT NULL, request TEXT NOT NULL, subject TEXT NOT NULL, envelope_id TEXT NOT NULL,
       answer_kind TEXT, answered_at INTEGER, statement TEXT) STRICT;
     CREATE TABLE inbox_request (
       id TEXT PRIMARY KEY, hash TEXT NOT NULL, request TEXT NOT NULL, sender TEXT NOT NULL, received_at INTEGER NOT NULL,
       doctor TEXT, checks TEXT NOT NULL, state TEXT NOT NULL, answered_at INTEGER) STRICT;
     CREATE TABLE send_log (
       release_id TEXT PRIMARY KEY, release_hash TEXT NOT NULL, request_id TEXT NOT NULL, recipient TEXT NOT NULL,
       doctor TEXT NOT NULL, subject TEXT NOT NULL, kinds TEXT NOT NULL, documents INTEGER NOT NULL,
       released_at INTEGER NOT NULL, consent TEXT NOT NULL, envelope_id TEXT NOT NULL, delivery_receipt TEXT,
       delivered_at INTEGER) STRICT;`,
    // A release may now be a policy's, and be made without consent: `consent` may be null, which needs the table anew.
    `ALTER TABLE inbox_request ADD COLUMN decision TEXT;
     ALTER TABLE inbox_request ADD COLUMN answered_by TEXT;
     ALTER TABLE inbox_request ADD COLUMN has_alarm INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE inbox_request ADD COLUMN alarm_seen_at INTEGER;
     ALTER TABLE inbox_request ADD COLUMN alarm_seen_by TEXT;
     UPDATE inbox_request SET answered_by = 'person' WHERE state <> 'open';
     CREATE INDEX inbox_received ON inbox_request (received_at);
     CREATE TABLE send_log_2 (
       release_id TEXT PRIMARY KEY, release_hash TEXT NOT NULL, request_id TEXT NOT NULL, recipient TEXT NOT NULL,
       doctor TEXT NOT NULL, subject TEXT NOT NULL, kinds TEXT NOT NULL, documents INTEGER NOT NULL,
       released_at INTEGER NOT NULL, consent TEXT, envelope_id TEXT NOT NULL, delivery_receipt TEXT,
       delivered_at INTEGER, answered_by TEXT NOT NULL, policy_version INTEGER, basis TEXT NOT NULL,
       withheld TEXT NOT NULL, event_id TEXT NOT NULL) STRICT;
     INSERT INTO send_log_2 SELECT *, 'person', NULL, 'consent', '[]', '' FROM send_log;
     DROP TABLE send_log;
     ALTER TABLE send_log_2 RENAME TO send_log;`,
    // Each list of theirs is short or read by the page, however many requests ever came.
    `CREATE INDEX send_log_released ON send_log (released_at, release_id);
     CREATE INDEX inbox_open ON inbox_request (received_at, id) WHERE state = 'open';
     CREATE INDEX inbox_answered ON inbox_request (received_at, id) WHERE state <> 'open';
     CREATE INDEX inbox_unseen ON inbox_request (received_at, id) WHERE has_alarm = 1 AND alarm_seen_at IS NULL;`,
  ],
};

/** The sharing part of an embedded database that was opened with `sharingSchema` and those that it needs. */
export function createSqliteSharingStore(database: SqliteDatabase): SharingStore {
  const { connection } = database;
  const selectSent = connection.prepare<[string], SentRow>('SELECT * FROM sent_request WHERE id = ?');
  const selectInbox = connection.prepare<[string], InboxRow>('SELECT * FROM inbox_request WHERE id = ?');
  const selectLog = connection.prepare<[string], LogRow>('SELECT * FROM send_log WHERE release_id = ?');
  const listSent = connection.prepare<[], SentRow>('SELECT * FROM sent_request ORDER BY id DESC');
  const listUnseen = connection.prepare<[], InboxRow>(
    `SELECT * FROM inbox_request WHERE has_alarm = 1 AND alarm_seen_at IS NULL ORDER BY received_at DESC, id DESC`,
  );
  const listAnswered = connection.prepare<[number], InboxRow>(
    `SELECT * FROM inbox_request WHERE state <> 'open' ORDER BY received_at DESC, id DESC LIMIT ?`,
  );
  const listAnsweredAfter = connection.prepare<[string, number], InboxRow>(
    `SELECT * FROM inbox_request WHERE state <> 'open'
       AND (received_at, id) < (SELECT received_at, id FROM inbox_request WHERE id = ?)
     ORDER BY received_at DESC, id DESC LIMIT ?`,
  );
  const listOpen = connection.prepare<[], InboxRow>(
    `SELECT * FROM inbox_request WHERE state = 'open' ORDER BY received_at, id`,
  );
  const listSince = connection.prepare<[number], InboxRow>(
    'SELECT * FROM inbox_request WHERE received_at >= ? ORDER BY received_at DESC, id DESC',
  );
  const listLog = connection.prepare<[number], LogRow>(
    'SELECT * FROM send_log ORDER BY released_at DESC, release_id DESC LIMIT ?',
  );
  const listLogAfter = connection.prepare<[string, number], LogRow>(
    `SELECT * FROM send_log
     WHERE (released_at, release_id) < (SELECT released_at, release_id FROM send_log WHERE release_id = ?)
     ORDER BY released_at DESC, release_id DESC LIMIT ?`,
  );
  const insertSent = connection.prepare(
    'INSERT INTO sent_request (id, hash, request, subject, envelope_id) VALUES ($id, $hash, $request, $subject, $envelopeId)',
  );
  const updateSent = connection.prepare(
    'UPDATE sent_request SET answer_kind = ?, answered_at = ?, statement = ? WHERE id = ?',
  );
  const insertInbox = connection.prepare(
    `INSERT INTO inbox_request (id, hash, request, sender, received_at, doctor, checks, state, answered_at,
       answered_by, decision, has_alarm)
     VALUES ($id, $hash, $request, $sender, $receivedAt, $doctor, $checks, $state, $answeredAt, $answeredBy, $decision,
       $hasAlarm)`,
  );
  const updateInbox = connection.prepare(
    'UPDATE inbox_request SET state = ?, answered_at = ?, answered_by = ? WHERE id = ?',
  );
  const updateLook = connection.prepare(
    `UPDATE inbox_request SET checks = ?, decision = ? WHERE id = ? AND state = 'open'`,
  );
  const updateAlarm = connection.prepare(
    'UPDATE inbox_request SET alarm_seen_at = ?, alarm_seen_by = ? WHERE id = ? AND alarm_seen_at IS NULL',
  );
  const insertLog = connection.prepare(
    `INSERT INTO send_log (release_id, release_hash, request_id, recipient, doctor, subject, kinds, documents, released_at,
       consent, envelope_id, answered_by, policy_version, basis, withheld, event_id)
     VALUES ($releaseId, $releaseHash, $requestId, $to, $doctor, $subject, $kinds, $documents, $releasedAt, $consent,
       $envelopeId, $by, $policyVersion, $basis, $withheld, $eventId)`,
  );
  const updateLog = connection.prepare(
    'UPDATE send_log SET delivery_receipt = ?, delivered_at = ? WHERE release_id = ? AND delivery_receipt IS NULL',
  );

  const requireInbox = (id: string): InboxRow => {
    const row = selectInbox.get(id);
    if (!row) throw new Problem('not_found', 'no such request');
    return row;
  };

  return {
    postRequest: ({ id, hash, request, subject }, outgoing) =>
      database.write((db) => {
        const known = selectSent.get(id);
        if (known && known.hash !== hash) throw new Problem('conflict', 'the id stands for another request');
        if (known) return toSentRequest(known);
        insertSent.run({ id, hash, request, subject, envelopeId: outgoing.id });
        enqueueEnvelope(db, outgoing);
        return { id, hash, request, subject, envelopeId: outgoing.id, answer: null };
      }),
    readSent(id) {
      const row = selectSent.get(id);
      return Promise.resolve(row && toSentRequest(row));
    },
    listSent: () => Promise.resolve(listSent.all().map(toSentRequest)),
    receiveAnswer: (requestId, answer, arrival, receipt) =>
      database.write((db) => {
        const row = selectSent.get(requestId);
        if (!row) throw new Problem('release_not_requested', 'no such request of ours');
        if (!noteHandled(db, arrival.envelopeId, arrival.at)) return;
        if (row.statement !== null && row.statement !== answer.statement) {
          throw new Problem('request_already_answered', 'there is another answer');
        }
        if (row.statement !== null) return;
        updateSent.run(answer.kind, answer.at.getTime(), answer.statement, requestId);
        if (receipt) enqueueEnvelope(db, receipt);
      }),

    receiveRequest: (entry, arrival, { refusal, events = [] } = {}) =>
      database.write((db) => {
        if (!noteHandled(db, arrival.envelopeId, arrival.at)) return;
        if (selectInbox.get(entry.id)) throw new Problem('request_replayed', 'the request came before');
        insertInbox.run(toInboxRow(entry));
        queueEvents(db, events);
        if (refusal) enqueueEnvelope(db, refusal);
      }),
    readInbox(id) {
      const row = selectInbox.get(id);
      return Promise.resolve(row && toInboxEntry(row));
    },
    listAnswered({ after, limit }) {
      const rows = after === undefined ? listAnswered.all(limit) : listAnsweredAfter.all(after, limit);
      return Promise.resolve(rows.map(toInboxEntry));
    },
    listOpen: () => Promise.resolve(listOpen.all().map(toInboxEntry)),
    listUnseen: () => Promise.resolve(listUnseen.all().map(toInboxEntry)),
    listSince: (since) => Promise.resolve(listSince.all(since.getTime()).map(toInboxEntry)),
    noteLook: (id, { checks, decision }) =>
      database.write(() => void updateLook.run(JSON.stringify(checks), decision && JSON.stringify(decision), id)),
    acknowledgeAlarm: (id, { by, at }) =>
      database.write(() => {
        if (requireInbox(id).has_alarm === 0) throw new Problem('not_found', 'no alarm');
        updateAlarm.run(at.getTime(), by, id);
        return toInboxEntry(requireInbox(id));
      }),
    answerRequest: (id, { state, at, by, outgoing, events, log }) =>
      database.write((db) => {
        const row = requireInbox(id);
        if (row.state === state) return toInboxEntry(row);
        if (row.state !== 'open') throw new Problem('request_already_answered', `it was ${row.state}`);
        updateInbox.run(state, at.getTime(), by, id);
        if (log) insertLog.run({ ...toLogTexts(log), envelopeId: outgoing.id });
        queueEvents(db, events);
        enqueueEnvelope(db, outgoing);
        return toInboxEntry(requireInbox(id));
      }),

    listSendLog({ after, limit }) {
      const rows = after === undefined ? listLog.all(limit) : listLogAfter.all(after, limit);
      return Promise.resolve(rows.map(toSendLogRow));
    },
    readSendLog(releaseId) {
      const row = selectLog.get(releaseId);
      return Promise.resolve(row && toSendLogRow(row));
    },
    receiveDelivery: (releaseId, { jws, at }, arrival) =>
      database.write((db) => {
        if (noteHandled(db, arrival.envelopeId, arrival.at)) updateLog.run(jws, at.getTime(), releaseId);
      }),
  };
}
