import type Database from 'better-sqlite3';
import type { RelayRow } from '../rows/relay.ts';

const COLUMNS = 'id, recipient, envelope, seal, peer, origin, state, changed, digest, size, held, reason';
const IN_MAILBOX = `peer IS NULL AND state IN ('accepted', 'delivered')`;
const OUTGOING = `peer IS NOT NULL AND state IN ('accepted', 'held') AND held IS NULL`;
const WAITING = `state IN ('accepted', 'held', 'delivered')`;
const NOBODY_ELSE_HAS_IT = `((peer IS NULL AND state = 'accepted') OR held IS NOT NULL)`;
const DEAD = `dismissed = 0 AND (held IS NOT NULL OR state IN ('expired', 'refused'))`;

export type RelayStatements = ReturnType<typeof prepareRelay>;

/** Every statement of the relay's store, compiled once. */
export function prepareRelay(connection: Database.Database) {
  const select = (rest: string) => `SELECT ${COLUMNS} FROM relay_envelope ${rest}`;
  return {
    read: connection.prepare<[string], RelayRow>(select('WHERE id = ?')),
    mailbox: connection.prepare<[string, number, string, number], RelayRow>(
      select(`WHERE recipient = ? AND lane = ? AND ${IN_MAILBOX}
         AND conversation NOT IN (SELECT value FROM json_each(?)) ORDER BY arrival LIMIT ?`),
    ),
    outgoing: connection.prepare<[string, number, string, number], RelayRow>(
      select(`AS waiting WHERE peer = ? AND lane = ? AND ${OUTGOING}
         AND recipient NOT IN (SELECT value FROM json_each(?))
         AND NOT EXISTS (SELECT 1 FROM relay_envelope AS stopped WHERE stopped.held IS NOT NULL
           AND stopped.recipient = waiting.recipient AND stopped.conversation = waiting.conversation
           AND stopped.arrival < waiting.arrival)
         ORDER BY arrival LIMIT ?`),
    ),
    expired: connection.prepare<[number, number, number], RelayRow>(
      select(`WHERE ${WAITING} AND expires <= ? AND (${NOBODY_ELSE_HAS_IT} OR expires <= ?) ORDER BY expires LIMIT ?`),
    ),
    recent: connection.prepare<[number], RelayRow>(select('ORDER BY changed DESC LIMIT ?')),
    dead: connection.prepare<[number], RelayRow>(select(`WHERE ${DEAD} ORDER BY changed DESC LIMIT ?`)),
    heldBefore: connection.prepare<[number, number], RelayRow>(
      select(`WHERE ${DEAD} AND held IS NOT NULL AND changed < ? ORDER BY changed LIMIT ?`),
    ),
    body: connection.prepare<[string], { body: string }>('SELECT body FROM relay_body WHERE id = ?'),
    receipts: connection.prepare<[string], { jws: string }>(
      'SELECT jws FROM relay_receipt WHERE id = ? ORDER BY rowid',
    ),
    owed: connection.prepare<[string, number], { sequence: number; jws: string }>(
      'SELECT sequence, jws FROM relay_owed WHERE peer = ? ORDER BY sequence LIMIT ?',
    ),
    countMailboxes: connection.prepare<[], { name: string; count: number }>(
      `SELECT recipient AS name, count(*) AS count FROM relay_envelope WHERE ${IN_MAILBOX} GROUP BY recipient`,
    ),
    countPeers: connection.prepare<[], { name: string; count: number }>(
      `SELECT peer AS name, count(*) AS count FROM relay_envelope
       WHERE peer IS NOT NULL AND state IN ('accepted', 'held') GROUP BY peer`,
    ),
    mailboxLoad: connection.prepare<[string], { count: number; bytes: number }>(
      `SELECT count(*) AS count, ifnull(sum(size), 0) AS bytes FROM relay_envelope WHERE recipient = ? AND ${IN_MAILBOX}`,
    ),
    peerLoad: connection.prepare<[string], { count: number; bytes: number }>(
      `SELECT count(*) AS count, ifnull(sum(size), 0) AS bytes FROM relay_envelope WHERE peer = ? AND ${OUTGOING}`,
    ),
    laneOfConversation: connection.prepare<[string, string], { lane: number | null }>(
      `SELECT min(lane) AS lane FROM relay_envelope WHERE recipient = ? AND conversation = ? AND ${WAITING}`,
    ),
    hurryConversation: connection.prepare<[number, string, string, number]>(
      `UPDATE relay_envelope SET lane = ? WHERE recipient = ? AND conversation = ? AND ${WAITING} AND lane > ?`,
    ),
    insert: connection.prepare(
      `INSERT INTO relay_envelope
         (recipient, id, arrival, digest, envelope, seal, peer, origin, state, changed, expires, size, lane, conversation)
       VALUES ($recipient, $id, (SELECT ifnull(max(arrival), 0) + 1 FROM relay_envelope), $digest, $envelope, $seal, $peer,
         $origin, 'accepted', $changed, $expires, $size, $lane, $conversation)`,
    ),
    insertBody: connection.prepare('INSERT INTO relay_body (id, body) VALUES (?, ?)'),
    insertReceipt: connection.prepare(
      'INSERT INTO relay_receipt (id, issuer, state, at, jws) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    insertOwed: connection.prepare('INSERT INTO relay_owed (peer, jws) VALUES (?, ?)'),
    update: connection.prepare('UPDATE relay_envelope SET state = ?, changed = ?, held = ?, reason = ? WHERE id = ?'),
    resend: connection.prepare<[string]>('UPDATE relay_envelope SET held = NULL WHERE id = ? AND held IS NOT NULL'),
    dismiss: connection.prepare<[string]>(
      `UPDATE relay_envelope SET dismissed = 1 WHERE id = ? AND dismissed = 0 AND held IS NULL
         AND state IN ('expired', 'refused')`,
    ),
    deleteBody: connection.prepare('DELETE FROM relay_body WHERE id = ?'),
    deleteChunks: connection.prepare('DELETE FROM relay_chunk WHERE id = ?'),
    deleteOwed: connection.prepare('DELETE FROM relay_owed WHERE peer = ? AND sequence = ?'),
  };
}
