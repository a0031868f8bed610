import type { PostgresSchema } from './schema.ts';

/** Everything of one institution lies in one place. */
export const postOfficeSchema: PostgresSchema = {
  name: 'post-office',
  tables: {
    outbox: { by: 'institution' },
    outbox_body: { by: 'institution' },
    outbox_chunk: { by: 'institution' },
    outbox_statement: { by: 'institution' },
    handled_envelope: { by: 'institution' },
  },
  migrations: [
    `CREATE TABLE outbox (
       institution TEXT NOT NULL, id TEXT NOT NULL, sequence BIGSERIAL, recipient TEXT NOT NULL, kind TEXT NOT NULL,
       conversation TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL, digest TEXT NOT NULL,
       seal TEXT NOT NULL, state TEXT, reason TEXT, receipts TEXT NOT NULL, look_again BIGINT NOT NULL,
       size BIGINT NOT NULL, priority TEXT NOT NULL, lane SMALLINT NOT NULL, ended BIGINT, resent_as TEXT,
       discarded BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (institution, id));
     CREATE INDEX outbox_unsent ON outbox (institution, lane, sequence) WHERE state IS NULL;
     CREATE INDEX outbox_conversation ON outbox (institution, recipient, conversation) WHERE state IS NULL;
     CREATE INDEX outbox_due ON outbox (institution, look_again)
       WHERE state IN ('accepted', 'held', 'forwarded', 'delivered');
     CREATE INDEX outbox_undelivered ON outbox (institution, ended)
       WHERE state IN ('expired', 'refused') AND resent_as IS NULL AND NOT discarded;
     CREATE TABLE outbox_body (institution TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
       PRIMARY KEY (institution, id));
     CREATE TABLE outbox_chunk (institution TEXT NOT NULL, id TEXT NOT NULL, start BIGINT NOT NULL, bytes BYTEA NOT NULL,
       PRIMARY KEY (institution, id, start));
     CREATE TABLE outbox_statement (institution TEXT NOT NULL, id TEXT NOT NULL, statement TEXT NOT NULL,
       PRIMARY KEY (institution, id));
     CREATE TABLE handled_envelope (institution TEXT NOT NULL, id TEXT NOT NULL, at BIGINT NOT NULL,
       PRIMARY KEY (institution, id));
     ALTER TABLE outbox_body ALTER COLUMN body SET STORAGE EXTERNAL;
     ALTER TABLE outbox_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;`,
  ],
};
