import type { Schema } from './database.ts';

/**
 * `recipient` is the distribution key: a mailbox lies in one place. `peer` is null for a mailbox here. Bodies have
 * tables of their own, so that reading states never touches them; those that were uploaded lie there in pieces.
 *
 * `held` is why an envelope waits for a person; it can be null while `state` is `held`: then it was let go again.
 */
export const relaySchema: Schema = {
  name: 'relay',
  migrations: [
    `CREATE TABLE relay_envelope (
       recipient TEXT NOT NULL, id TEXT NOT NULL, arrival INTEGER NOT NULL, digest TEXT NOT NULL, envelope TEXT NOT NULL,
       seal TEXT NOT NULL, peer TEXT, origin TEXT, state TEXT NOT NULL, changed INTEGER NOT NULL,
       expires INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (recipient, id)) STRICT;
     CREATE UNIQUE INDEX relay_envelope_id ON relay_envelope (id);
     CREATE UNIQUE INDEX relay_envelope_arrival ON relay_envelope (arrival);
     CREATE INDEX relay_envelope_mailbox ON relay_envelope (recipient, arrival)
       WHERE peer IS NULL AND state IN ('accepted', 'delivered');
     CREATE INDEX relay_envelope_outgoing ON relay_envelope (peer, arrival) WHERE peer IS NOT NULL AND state = 'accepted';
     CREATE INDEX relay_envelope_expiry ON relay_envelope (expires) WHERE state IN ('accepted', 'delivered');
     CREATE INDEX relay_envelope_changed ON relay_envelope (changed);
     CREATE TABLE relay_body (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE relay_receipt (
       id TEXT NOT NULL, issuer TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, jws TEXT NOT NULL,
       PRIMARY KEY (id, issuer, state)) STRICT;
     CREATE TABLE relay_owed (sequence INTEGER PRIMARY KEY AUTOINCREMENT, peer TEXT NOT NULL, jws TEXT NOT NULL) STRICT;
     CREATE INDEX relay_owed_peer ON relay_owed (peer, sequence);`,
    `ALTER TABLE relay_envelope ADD COLUMN lane INTEGER NOT NULL DEFAULT 1;
     ALTER TABLE relay_envelope ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
     ALTER TABLE relay_envelope ADD COLUMN held TEXT;
     ALTER TABLE relay_envelope ADD COLUMN reason TEXT;
     ALTER TABLE relay_envelope ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0;
     UPDATE relay_envelope SET conversation = json_extract(envelope, '$.conversation');
     DROP INDEX relay_envelope_mailbox;
     DROP INDEX relay_envelope_outgoing;
     DROP INDEX relay_envelope_expiry;
     CREATE INDEX relay_envelope_mailbox ON relay_envelope (recipient, lane, arrival, size)
       WHERE peer IS NULL AND state IN ('accepted', 'delivered');
     CREATE INDEX relay_envelope_outgoing ON relay_envelope (peer, lane, arrival, size)
       WHERE peer IS NOT NULL AND state IN ('accepted', 'held') AND held IS NULL;
     CREATE INDEX relay_envelope_waiting ON relay_envelope (recipient, conversation)
       WHERE state IN ('accepted', 'held', 'delivered');
     CREATE INDEX relay_envelope_held ON relay_envelope (recipient, conversation) WHERE held IS NOT NULL;
     CREATE INDEX relay_envelope_expiry ON relay_envelope (expires) WHERE state IN ('accepted', 'held', 'delivered');
     CREATE INDEX relay_envelope_dead ON relay_envelope (changed)
       WHERE dismissed = 0 AND (held IS NOT NULL OR state IN ('expired', 'refused'));
     CREATE TABLE relay_upload (
       recipient TEXT NOT NULL, id TEXT NOT NULL PRIMARY KEY, sender TEXT NOT NULL, digest TEXT NOT NULL,
       size INTEGER NOT NULL, received INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT;
     CREATE INDEX relay_upload_expiry ON relay_upload (expires);
     CREATE TABLE relay_chunk (id TEXT NOT NULL, start INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (id, start)) STRICT;`,
  ],
};
