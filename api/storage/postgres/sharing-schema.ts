import type { PostgresSchema } from './schema.ts';

/** Needs `postOfficeSchema` and `accessOutboxSchema` in the same database: all change in one commit. */
export const sharingSchema: PostgresSchema = {
  name: 'sharing',
  tables: {
    sent_request: { by: 'institution' },
    inbox_request: { by: 'institution' },
    send_log: { by: 'institution' },
  },
  migrations: [
    `CREATE TABLE sent_request (
       institution TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, request TEXT NOT NULL, subject TEXT NOT NULL,
       envelope_id TEXT NOT NULL, answer_kind TEXT, answered_at BIGINT, statement TEXT, PRIMARY KEY (institution, id));
     CREATE TABLE inbox_request (
       institution TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, request TEXT NOT NULL, sender TEXT NOT NULL,
       received_at BIGINT NOT NULL, doctor TEXT, checks TEXT NOT NULL, state TEXT NOT NULL, answered_at BIGINT,
       answered_by TEXT, decision TEXT, has_alarm SMALLINT NOT NULL DEFAULT 0, alarm_seen_at BIGINT, alarm_seen_by TEXT,
       PRIMARY KEY (institution, id));
     CREATE INDEX inbox_received ON inbox_request (institution, received_at);
     CREATE TABLE send_log (
       institution TEXT NOT NULL, release_id TEXT NOT NULL, release_hash TEXT NOT NULL, request_id TEXT NOT NULL,
       recipient TEXT NOT NULL, doctor TEXT NOT NULL, subject TEXT NOT NULL, kinds TEXT NOT NULL,
       documents INTEGER NOT NULL, released_at BIGINT NOT NULL, consent TEXT, envelope_id TEXT NOT NULL,
       delivery_receipt TEXT, delivered_at BIGINT, answered_by TEXT NOT NULL, policy_version INTEGER,
       basis TEXT NOT NULL, withheld TEXT NOT NULL, event_id TEXT NOT NULL, PRIMARY KEY (institution, release_id));`,
    `CREATE INDEX send_log_released ON send_log (institution, released_at, release_id COLLATE "C");
     CREATE INDEX inbox_open ON inbox_request (institution, received_at, id COLLATE "C") WHERE state = 'open';
     CREATE INDEX inbox_answered ON inbox_request (institution, received_at, id COLLATE "C") WHERE state <> 'open';
     CREATE INDEX inbox_unseen ON inbox_request (institution, received_at, id COLLATE "C")
       WHERE has_alarm = 1 AND alarm_seen_at IS NULL;`,
  ],
};
