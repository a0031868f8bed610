import type { RelayRow } from '../rows/relay.ts';
import { sql } from './statement.ts';

/** An envelope with its receipts, in order of arrival. */
export interface FullRow extends RelayRow {
  readonly lane: number;
  readonly receipts: readonly string[];
}

const COLUMNS = `id, recipient, envelope, seal, peer, origin, state, changed, digest, size, held, reason, lane`;
const IN_MAILBOX = `peer IS NULL AND state IN ('accepted', 'delivered')`;
const OUTGOING = `peer IS NOT NULL AND state IN ('accepted', 'held') AND held IS NULL`;
const WAITING = `state IN ('accepted', 'held', 'delivered')`;
const NOBODY_ELSE_HAS_IT = `((peer IS NULL AND state = 'accepted') OR held IS NOT NULL)`;
const DEAD = `NOT dismissed AND (held IS NOT NULL OR state IN ('expired', 'refused'))`;
const AT = 'recipient = $1 AND id = $2';

const select = (rest: string) =>
  sql<FullRow>(
    `SELECT ${COLUMNS}, ARRAY(SELECT jws FROM relay_receipt AS given
       WHERE given.recipient = found.recipient AND given.id = found.id ORDER BY given.arrival) AS receipts
     FROM (SELECT * FROM relay_envelope AS waiting ${rest}) AS found`,
  );
/** The first of each lane, in the order of arrival. */
const selectLanes = (where: string) =>
  sql<FullRow>(
    `SELECT ${COLUMNS}, ARRAY(SELECT jws FROM relay_receipt AS given
       WHERE given.recipient = found.recipient AND given.id = found.id ORDER BY given.arrival) AS receipts
     FROM unnest('{0,1,2}'::int[]) AS wanted (number)
     CROSS JOIN LATERAL (SELECT * FROM relay_envelope AS waiting
       WHERE ${where} AND lane = wanted.number ORDER BY arrival LIMIT $3) AS found
     ORDER BY lane, arrival`,
  );

/** Every statement of the relay's store. */
export const STATEMENTS = {
  findRecipient: sql<{ recipient: string }>('SELECT recipient FROM relay_address WHERE id = $1'),
  claimAddress: sql('INSERT INTO relay_address (id, recipient) VALUES ($1, $2) ON CONFLICT DO NOTHING'),
  read: select(`WHERE ${AT}`),
  lock: select(`WHERE ${AT} FOR UPDATE`),
  mailbox: selectLanes(`recipient = $1 AND ${IN_MAILBOX} AND NOT conversation = ANY ($2::text[])`),
  outgoing: selectLanes(
    `peer = $1 AND ${OUTGOING} AND NOT recipient = ANY ($2::text[])
       AND NOT EXISTS (SELECT FROM relay_envelope AS stopped WHERE stopped.held IS NOT NULL
         AND stopped.recipient = waiting.recipient AND stopped.conversation = waiting.conversation
         AND stopped.arrival < waiting.arrival)`,
  ),
  bodies: sql<{ id: string; body: string }>(
    `SELECT id, body FROM relay_body
     WHERE recipient = ANY ($1::text[]) AND (recipient, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
  ),
  expired: select(
    `WHERE ${WAITING} AND expires <= $1 AND (${NOBODY_ELSE_HAS_IT} OR expires <= $2) ORDER BY expires LIMIT $3`,
  ),
  recent: select('ORDER BY changed DESC LIMIT $1'),
  dead: select(`WHERE ${DEAD} ORDER BY changed DESC LIMIT $1`),
  heldBefore: select(`WHERE ${DEAD} AND held IS NOT NULL AND changed < $1 ORDER BY changed LIMIT $2`),
  owed: sql<{ sequence: number; jws: string }>(
    'SELECT sequence, jws FROM relay_owed WHERE peer = $1 ORDER BY sequence LIMIT $2',
  ),
  countMailboxes: sql<{ name: string; count: number }>(
    `SELECT recipient AS name, count(*) AS count FROM relay_envelope WHERE ${IN_MAILBOX} GROUP BY recipient`,
  ),
  countPeers: sql<{ name: string; count: number }>(
    `SELECT peer AS name, count(*) AS count FROM relay_envelope
     WHERE peer IS NOT NULL AND state IN ('accepted', 'held') GROUP BY peer`,
  ),
  mailboxLoad: sql<{ count: number; bytes: number }>(
    `SELECT count(*) AS count, coalesce(sum(size), 0)::bigint AS bytes FROM relay_envelope
     WHERE recipient = $1 AND ${IN_MAILBOX}`,
  ),
  peerLoad: sql<{ count: number; bytes: number }>(
    `SELECT count(*) AS count, coalesce(sum(size), 0)::bigint AS bytes FROM relay_envelope WHERE peer = $1 AND ${OUTGOING}`,
  ),
  storedBytes: sql<{ bytes: number }>(
    `SELECT ((SELECT coalesce(sum(size), 0) FROM relay_envelope WHERE ${WAITING})
       + (SELECT coalesce(sum(received), 0) FROM relay_upload))::bigint AS bytes`,
  ),
  laneOfConversation: sql<{ lane: number | null }>(
    `SELECT min(lane) AS lane FROM relay_envelope WHERE recipient = $1 AND conversation = $2 AND ${WAITING}`,
  ),
  hurryConversation: sql(
    `UPDATE relay_envelope SET lane = $3 WHERE recipient = $1 AND conversation = $2 AND ${WAITING} AND lane > $3`,
  ),
  insert: sql(
    `INSERT INTO relay_envelope
       (recipient, id, digest, envelope, seal, peer, origin, state, changed, expires, size, lane, conversation)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'accepted', $8, $9, $10, $11, $12)`,
  ),
  insertBody: sql('INSERT INTO relay_body (recipient, id, body) VALUES ($1, $2, $3)'),
  insertReceipt: sql(
    `INSERT INTO relay_receipt (recipient, id, issuer, state, at, jws) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT DO NOTHING`,
  ),
  insertOwed: sql('INSERT INTO relay_owed (peer, jws) VALUES ($1, $2)'),
  update: sql(`UPDATE relay_envelope SET state = $3, changed = $4, held = $5, reason = $6 WHERE ${AT}`),
  resend: sql(`UPDATE relay_envelope SET held = NULL WHERE ${AT} AND held IS NOT NULL`),
  dismiss: sql(
    `UPDATE relay_envelope SET dismissed = TRUE
     WHERE ${AT} AND NOT dismissed AND held IS NULL AND state IN ('expired', 'refused')`,
  ),
  deleteBody: sql(`DELETE FROM relay_body WHERE ${AT}`),
  deleteChunks: sql(`DELETE FROM relay_chunk WHERE ${AT}`),
  deleteOwed: sql('DELETE FROM relay_owed WHERE peer = $1 AND sequence = ANY ($2::bigint[])'),
};
