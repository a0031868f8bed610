import type { PostgresSchema } from './schema.ts';

/**
 * `recipient` is the distribution key: a mailbox, its bodies and its receipts lie in one place. `relay_address` says where
 * an id lies, and lets an id stand for one envelope only. `peer` is null for a mailbox here.
 *
 * `held` is why an envelope waits for a person; it can be null while `state` is `held`: then it was let go again.
 */
export const relaySchema: PostgresSchema = {
  name: 'relay',
  tables: {
    relay_address: { by: 'id' },
    relay_envelope: { by: 'recipient' },
    relay_body: { by: 'recipient' },
    relay_chunk: { by: 'recipient' },
    relay_receipt: { by: 'recipient' },
    relay_owed: { by: 'peer' },
    relay_upload: { by: 'id' },
  },
  migrations: [
    `CREATE TABLE relay_address (id TEXT PRIMARY KEY, recipient TEXT NOT NULL);
     CREATE TABLE relay_envelope (
       recipient TEXT NOT NULL, id TEXT NOT NULL, arrival BIGSERIAL, digest TEXT NOT NULL, envelope TEXT NOT NULL,
       seal TEXT NOT NULL, peer TEXT, origin TEXT, state TEXT NOT NULL, changed BIGINT NOT NULL,
       expires BIGINT NOT NULL, size BIGINT NOT NULL, lane SMALLINT NOT NULL, conversation TEXT NOT NULL, held TEXT,
       reason TEXT, dismissed BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (recipient, id));
     CREATE INDEX relay_envelope_mailbox ON relay_envelope (recipient, lane, arrival)
       WHERE peer IS NULL AND state IN ('accepted', 'delivered');
     CREATE INDEX relay_envelope_outgoing ON relay_envelope (peer, lane, arrival)
       WHERE peer IS NOT NULL AND state IN ('accepted', 'held') AND held IS NULL;
     CREATE INDEX relay_envelope_waiting ON relay_envelope (recipient, conversation) INCLUDE (lane, size)
       WHERE state IN ('accepted', 'held', 'delivered');
     CREATE INDEX relay_envelope_held ON relay_envelope (recipient, conversation) WHERE held IS NOT NULL;
     CREATE INDEX relay_envelope_expiry ON relay_envelope (expires) WHERE state IN ('accepted', 'held', 'delivered');
     CREATE INDEX relay_envelope_dead ON relay_envelope (changed)
       WHERE NOT dismissed AND (held IS NOT NULL OR state IN ('expired', 'refused'));
     CREATE INDEX relay_envelope_changed ON relay_envelope (changed);
     CREATE TABLE relay_body (recipient TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (recipient, id));
     CREATE TABLE relay_chunk (
       recipient TEXT NOT NULL, id TEXT NOT NULL, start BIGINT NOT NULL, bytes BYTEA NOT NULL,
       PRIMARY KEY (recipient, id, start));
     CREATE TABLE relay_receipt (
       recipient TEXT NOT NULL, id TEXT NOT NULL, issuer TEXT NOT NULL, state TEXT NOT NULL, at BIGINT NOT NULL,
       jws TEXT NOT NULL, arrival BIGSERIAL, PRIMARY KEY (recipient, id, issuer, state));
     CREATE TABLE relay_owed (peer TEXT NOT NULL, sequence BIGSERIAL, jws TEXT NOT NULL, PRIMARY KEY (peer, sequence));
     CREATE TABLE relay_upload (
       id TEXT PRIMARY KEY, recipient TEXT NOT NULL, sender TEXT NOT NULL, digest TEXT NOT NULL, size BIGINT NOT NULL,
       received BIGINT NOT NULL, expires BIGINT NOT NULL);
     CREATE INDEX relay_upload_expiry ON relay_upload (expires);
     ALTER TABLE relay_body ALTER COLUMN body SET STORAGE EXTERNAL;
     ALTER TABLE relay_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;`,
  ],
};
