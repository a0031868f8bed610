import type { Schema } from './database.ts';

/** One institution's own: `recipient` would be the distribution key of a gateway that serves very many. */
export const postOfficeSchema: Schema = {
  name: 'post-office',
  migrations: [
    `CREATE TABLE outbox (
       sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, recipient TEXT NOT NULL, kind TEXT NOT NULL,
       conversation TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, digest TEXT NOT NULL,
       seal TEXT NOT NULL, state TEXT, reason TEXT, receipts TEXT NOT NULL, look_again INTEGER NOT NULL,
       size INTEGER NOT NULL) STRICT;
     CREATE INDEX outbox_unsent ON outbox (sequence) WHERE state IS NULL;
     CREATE INDEX outbox_due ON outbox (look_again) WHERE state IN ('accepted', 'forwarded', 'delivered');
     CREATE TABLE outbox_body (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE handled_envelope (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;`,
    `ALTER TABLE outbox ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
     ALTER TABLE outbox ADD COLUMN lane INTEGER NOT NULL DEFAULT 1;
     ALTER TABLE outbox ADD COLUMN ended INTEGER;
     ALTER TABLE outbox ADD COLUMN resent_as TEXT;
     ALTER TABLE outbox ADD COLUMN discarded INTEGER NOT NULL DEFAULT 0;
     DROP INDEX outbox_unsent;
     DROP INDEX outbox_due;
     CREATE INDEX outbox_unsent ON outbox (lane, sequence) WHERE state IS NULL;
     CREATE INDEX outbox_conversation ON outbox (recipient, conversation) WHERE state IS NULL;
     CREATE INDEX outbox_due ON outbox (look_again) WHERE state IN ('accepted', 'held', 'forwarded', 'delivered');
     CREATE INDEX outbox_undelivered ON outbox (ended)
       WHERE state IN ('expired', 'refused') AND resent_as IS NULL AND discarded = 0;
     CREATE TABLE outbox_chunk (
       id TEXT NOT NULL, start INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (id, start)) STRICT;
     CREATE TABLE outbox_statement (id TEXT PRIMARY KEY, statement TEXT NOT NULL) STRICT;`,
  ],
};
