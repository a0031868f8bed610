import type Database from 'better-sqlite3';
import { furtherState, isFinalState } from '../../contract/envelope-progress.ts';
import type { OutgoingEnvelope, PostOfficeStore } from '../post-office.ts';
import { type OutboxRow, toProgress, toOutgoing, parseReceipts } from '../rows/post-office.ts';
import type { Schema, SqliteDatabase } from './database.ts';

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
  ],
};

/** Stores an outgoing envelope. To be called inside `SqliteDatabase.write`, beside the statement that stores what it is about. */
export function enqueueEnvelope(connection: Database.Database, outgoing: OutgoingEnvelope): void {
  const { id, to, kind, conversation, created, expires, digest, seal, body } = outgoing;
  connection
    .prepare(
      `INSERT INTO outbox (id, recipient, kind, conversation, created, expires, digest, seal, receipts, look_again, size)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, '[]', 0, ?)`,
    )
    .run(id, to, kind, conversation, created.getTime(), expires.getTime(), digest, seal, body.length);
  connection.prepare('INSERT INTO outbox_body (id, body) VALUES (?, ?)').run(id, body);
}

/**
 * Notes that an incoming envelope has had its effect. To be called inside `SqliteDatabase.write`, beside the effect.
 *
 * @returns false when it had it before: then nothing else may be written
 */
export function noteHandled(connection: Database.Database, id: string, at: Date): boolean {
  const insert = connection.prepare('INSERT INTO handled_envelope (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING');
  return insert.run(id, at.getTime()).changes === 1;
}

/** The post office's part of an embedded database that was opened with `postOfficeSchema`. */
export function createSqlitePostOfficeStore(database: SqliteDatabase): PostOfficeStore {
  const { connection } = database;
  const selectOne = connection.prepare<[string], OutboxRow>('SELECT * FROM outbox WHERE id = ?');
  const selectUnsent = connection.prepare<[], OutboxRow>('SELECT * FROM outbox WHERE state IS NULL ORDER BY sequence');
  const selectDue = connection.prepare<[number, number], OutboxRow>(
    `SELECT * FROM outbox WHERE state IN ('accepted', 'forwarded', 'delivered') AND look_again <= ?
     ORDER BY look_again LIMIT ?`,
  );
  const selectBody = connection.prepare<[string], { body: string }>('SELECT body FROM outbox_body WHERE id = ?');
  const update = connection.prepare(
    'UPDATE outbox SET state = ?, reason = ?, receipts = ?, look_again = ? WHERE id = ?',
  );
  const deleteBody = connection.prepare('DELETE FROM outbox_body WHERE id = ?');
  const selectHandled = connection.prepare<[string], { at: number }>('SELECT at FROM handled_envelope WHERE id = ?');

  return {
    readUnsent({ count, bytes }) {
      const rows: OutboxRow[] = [];
      let size = 0;
      for (const row of selectUnsent.iterate()) {
        if (rows.length > 0 && (rows.length >= count || size + row.size > bytes)) break;
        rows.push(row);
        size += row.size;
      }
      return Promise.resolve(rows.map((row) => toOutgoing(row, selectBody.get(row.id)?.body ?? '')));
    },
    readDue: (now, count) => Promise.resolve(selectDue.all(now.getTime(), count).map(toProgress)),
    noteState: (id, state, { receipts, reason, lookAgain }) =>
      database.write(() => {
        const row = selectOne.get(id);
        if (!row) return;
        const known = parseReceipts(row.receipts);
        const all = [...known, ...receipts.filter((receipt) => !known.includes(receipt))];
        const next = row.state === null ? state : furtherState(row.state, state);
        const why = next !== row.state && isFinalState(next) ? (reason ?? null) : row.reason;
        update.run(next, why, JSON.stringify(all), lookAgain.getTime(), id);
        deleteBody.run(id);
      }),
    read(id) {
      const row = selectOne.get(id);
      return Promise.resolve(row && toProgress(row));
    },
    isHandled: (id) => Promise.resolve(selectHandled.get(id) !== undefined),
  };
}
