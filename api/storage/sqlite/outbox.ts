import type Database from 'better-sqlite3';
import { laneOf } from '../fair-lanes.ts';
import type { OutgoingEnvelope } from '../post-office.ts';
import { createPieces } from './pieces.ts';

/** Stores an outgoing envelope. To be called inside `SqliteDatabase.write`, beside the statement that stores what it is about. */
export function enqueueEnvelope(connection: Database.Database, outgoing: OutgoingEnvelope): void {
  const { id, to, kind, priority, conversation, created, expires, digest, seal, body, statement } = outgoing;
  connection
    .prepare(
      `INSERT INTO outbox (id, recipient, kind, priority, lane, conversation, created, expires, digest, seal, receipts,
         look_again, size)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', 0, ?)`,
    )
    .run(
      ...[id, to, kind, priority, joinConversation(connection, outgoing), conversation],
      ...[created.getTime(), expires.getTime(), digest, seal, body.length],
    );
  if (typeof body === 'string') {
    connection.prepare('INSERT INTO outbox_body (id, body) VALUES (?, ?)').run(id, body);
  } else createPieces(connection, 'outbox_chunk').write(id, 0, body);
  if (statement !== null) {
    connection.prepare('INSERT INTO outbox_statement (id, statement) VALUES (?, ?)').run(id, statement);
  }
}

/** The lane of a conversation is that of its most urgent unsent envelope: earlier ones come along. */
function joinConversation(connection: Database.Database, { to, conversation, priority }: OutgoingEnvelope): number {
  const own = laneOf(priority);
  const unsent = 'recipient = ? AND conversation = ? AND state IS NULL';
  const held = connection
    .prepare<[string, string], { lane: number | null }>(`SELECT min(lane) AS lane FROM outbox WHERE ${unsent}`)
    .get(to, conversation)?.lane;
  if (held === null || held === undefined) return own;
  if (held > own) connection.prepare(`UPDATE outbox SET lane = ? WHERE ${unsent}`).run(own, to, conversation);
  return Math.min(own, held);
}
