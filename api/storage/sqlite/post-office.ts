import type Database from 'better-sqlite3';
import { furtherState, isFinalState } from '../../contract/envelope-progress.ts';
import { chooseFairly } from '../fair-lanes.ts';
import type { PostOfficeStore } from '../post-office.ts';
import type { SqliteDatabase } from './database.ts';
import { parseReceipts, toProgress, toUndelivered, toUnsent, type OutboxRow } from '../rows/post-office.ts';
import { enqueueEnvelope } from './outbox.ts';
import { createPieces } from './pieces.ts';

export { enqueueEnvelope };
export { postOfficeSchema } from './post-office-schema.ts';

/**
 * Notes that an incoming envelope has had its effect. To be called inside `SqliteDatabase.write`, beside the effect.
 *
 * @returns false when it had it before: then nothing else may be written
 */
export function noteHandled(connection: Database.Database, id: string, at: Date): boolean {
  const insert = connection.prepare('INSERT INTO handled_envelope (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING');
  return insert.run(id, at.getTime()).changes === 1;
}

const LANES = [0, 1, 2];
const UNDELIVERED = `state IN ('expired', 'refused') AND resent_as IS NULL AND discarded = 0`;

/** The post office's part of an embedded database that was opened with `postOfficeSchema`. */
export function createSqlitePostOfficeStore(database: SqliteDatabase): PostOfficeStore {
  const { connection } = database;
  const pieces = createPieces(connection, 'outbox_chunk');
  const selectOne = connection.prepare<[string], OutboxRow>('SELECT * FROM outbox WHERE id = ?');
  const selectUnsent = connection.prepare<[number, string, number], OutboxRow>(
    `SELECT * FROM outbox WHERE lane = ? AND state IS NULL AND recipient NOT IN (SELECT value FROM json_each(?))
     ORDER BY sequence LIMIT ?`,
  );
  const selectDue = connection.prepare<[number, number, number], OutboxRow>(
    `SELECT * FROM outbox WHERE state IN ('accepted', 'held', 'forwarded', 'delivered') AND (look_again <= ? OR look_again > ?)
     ORDER BY look_again LIMIT ?`,
  );
  const selectUndelivered = connection.prepare<[number], OutboxRow>(
    `SELECT * FROM outbox WHERE ${UNDELIVERED} ORDER BY ended DESC LIMIT ?`,
  );
  const selectUndeliveredOne = connection.prepare<[string], OutboxRow>(
    `SELECT * FROM outbox WHERE id = ? AND ${UNDELIVERED}`,
  );
  const selectBody = connection.prepare<[string], { body: string }>('SELECT body FROM outbox_body WHERE id = ?');
  const selectStatement = connection.prepare<[string], { statement: string }>(
    'SELECT statement FROM outbox_statement WHERE id = ?',
  );
  const update = connection.prepare(
    'UPDATE outbox SET state = ?, reason = ?, receipts = ?, look_again = ?, ended = ? WHERE id = ?',
  );
  const noteResent = connection.prepare('UPDATE outbox SET resent_as = ? WHERE id = ?');
  const noteDiscarded = connection.prepare('UPDATE outbox SET discarded = 1 WHERE id = ?');
  const deleteBody = connection.prepare('DELETE FROM outbox_body WHERE id = ?');
  const deleteChunks = connection.prepare('DELETE FROM outbox_chunk WHERE id = ?');
  const deleteStatement = connection.prepare('DELETE FROM outbox_statement WHERE id = ?');
  const selectHandled = connection.prepare<[string], { at: number }>('SELECT at FROM handled_envelope WHERE id = ?');

  const open = (row: OutboxRow) => toUndelivered(row, selectStatement.get(row.id)?.statement ?? null);
  /** The one that stands in the place of an envelope now. */
  function newest(id: string): OutboxRow | undefined {
    const row = selectOne.get(id);
    return row?.resent_as ? newest(row.resent_as) : row;
  }

  return {
    readUnsent({ count, bytes, except = [] }) {
      const without = JSON.stringify(except);
      const lanes = LANES.map((lane) => selectUnsent.all(lane, without, Math.max(1, count)));
      const rows = chooseFairly(lanes, { count, bytes }, ({ size }) => size);
      return Promise.resolve(rows.map((row) => toUnsent(row, selectBody.get(row.id)?.body ?? null)));
    },
    readPiece: (id, offset, length) => Promise.resolve(pieces.read(id, offset, length)),
    readDue: ({ now, latest }, count) =>
      Promise.resolve(selectDue.all(now.getTime(), latest.getTime(), count).map(toProgress)),
    noteState: (id, state, { receipts, reason, lookAgain, at }) =>
      database.write(() => {
        const row = selectOne.get(id);
        if (!row) return;
        const known = parseReceipts(row.receipts);
        const all = [...known, ...receipts.filter((receipt) => !known.includes(receipt))];
        const next = row.state === null ? state : furtherState(row.state, state);
        const isChange = next !== row.state;
        const why = isChange ? (isFinalState(next) || next === 'held' ? (reason ?? null) : null) : row.reason;
        const ended = isChange && isFinalState(next) ? (at ?? lookAgain).getTime() : row.ended;
        update.run(next, why, JSON.stringify(all), lookAgain.getTime(), ended, id);
        deleteBody.run(id);
        deleteChunks.run(id);
        if (next === 'acknowledged') deleteStatement.run(id);
      }),
    read(id) {
      const row = newest(id);
      return Promise.resolve(row && toProgress(row));
    },
    isHandled: (id) => Promise.resolve(selectHandled.get(id) !== undefined),
    readUndelivered: (count) => Promise.resolve(selectUndelivered.all(count).map(open)),
    readUndeliveredOne(id) {
      const row = selectUndeliveredOne.get(id);
      return Promise.resolve(row && open(row));
    },
    resend: (id, outgoing) =>
      database.write((db) => {
        if (!selectUndeliveredOne.get(id)) return false;
        enqueueEnvelope(db, outgoing);
        noteResent.run(outgoing.id, id);
        deleteStatement.run(id);
        return true;
      }),
    discard: (id) =>
      database.write(() => {
        if (!selectUndeliveredOne.get(id)) return false;
        noteDiscarded.run(id);
        deleteStatement.run(id);
        return true;
      }),
  };
}
