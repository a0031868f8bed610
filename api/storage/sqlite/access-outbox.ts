import type Database from 'better-sqlite3';
import type { AccessOutbox, QueuedAccessEvent } from '../access-outbox.ts';
import { toKeptEvent, type OutboxEventRow } from '../rows/access-outbox.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const accessOutboxSchema: Schema = {
  name: 'access-outbox',
  migrations: [
    `CREATE TABLE access_outbox (
       sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, jws TEXT NOT NULL, taken_at INTEGER) STRICT;
     CREATE INDEX access_outbox_untaken ON access_outbox (sequence) WHERE taken_at IS NULL;`,
  ],
};

/** Queues events. To be called inside `SqliteDatabase.write`, beside what they are about. */
export function queueEvents(connection: Database.Database, events: readonly QueuedAccessEvent[]): void {
  const insert = connection.prepare('INSERT INTO access_outbox (id, jws) VALUES (?, ?) ON CONFLICT (id) DO NOTHING');
  events.forEach(({ id, jws }) => insert.run(id, jws));
}

/** The access events of an embedded database that was opened with `accessOutboxSchema`. */
export function createSqliteAccessOutbox(database: SqliteDatabase): AccessOutbox {
  const { connection } = database;
  const selectUntaken = connection.prepare<[number], OutboxEventRow>(
    'SELECT * FROM access_outbox WHERE taken_at IS NULL ORDER BY sequence LIMIT ?',
  );
  const selectAll = connection.prepare<[], OutboxEventRow>('SELECT * FROM access_outbox ORDER BY sequence DESC');
  const selectOne = connection.prepare<[string], OutboxEventRow>('SELECT * FROM access_outbox WHERE id = ?');
  const update = connection.prepare('UPDATE access_outbox SET taken_at = ? WHERE id = ? AND taken_at IS NULL');

  return {
    readUntaken: (count) => Promise.resolve(selectUntaken.all(count).map(({ id, jws }) => ({ id, jws }))),
    noteTaken: (ids, at) => database.write(() => ids.forEach((id) => update.run(at.getTime(), id))),
    list: () => Promise.resolve(selectAll.all().map(toKeptEvent)),
    find: (ids) =>
      Promise.resolve(
        new Map(
          ids.flatMap((id) => {
            const row = selectOne.get(id);
            return row ? [[id, toKeptEvent(row)] as const] : [];
          }),
        ),
      ),
  };
}
