import { Problem } from '../../contract/problem.ts';
import type { AccessEventStore } from '../access-events.ts';
import { toAccessEvent, type AccessEventRow } from '../rows/access-events.ts';
import type { Schema, SqliteDatabase } from './database.ts';
import { appendLeaf } from './evidence.ts';

/** Needs `evidenceSchema` in the same database: both change in one commit. */
export const accessEventsSchema: Schema = {
  name: 'access-events',
  migrations: [
    `CREATE TABLE access_event (
       subject TEXT NOT NULL, leaf INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, institution TEXT NOT NULL,
       action TEXT NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL, salt BLOB NOT NULL,
       PRIMARY KEY (subject, leaf)) STRICT;
     CREATE INDEX access_event_emergency ON access_event (at) WHERE action = 'emergency_asked';`,
    `CREATE INDEX access_event_leaf ON access_event (leaf);`,
  ],
};

/** Access events in an embedded database that was opened with `accessEventsSchema` and `evidenceSchema`. */
export function createSqliteAccessEventStore(database: SqliteDatabase): AccessEventStore {
  const { connection } = database;
  const selectOne = connection.prepare<[string], AccessEventRow>('SELECT * FROM access_event WHERE id = ?');
  const selectBySubject = connection.prepare<[string], AccessEventRow>(
    'SELECT * FROM access_event WHERE subject = ? ORDER BY leaf',
  );
  const insert = connection.prepare<[string, number, string, string, string, number, string, Uint8Array]>(
    'INSERT INTO access_event (subject, leaf, id, institution, action, at, event, salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const selectLeaves = connection.prepare<[number, number], { leaf: number }>(
    'SELECT leaf FROM access_event WHERE leaf >= ? AND leaf < ? ORDER BY leaf',
  );
  const count = connection.prepare<[number], { count: number; newest: number | null }>(
    `SELECT count(*) AS count, max(at) AS newest FROM access_event WHERE action = 'emergency_asked' AND at >= ?`,
  );
  const remove = connection.prepare<[string]>('DELETE FROM access_event WHERE subject = ?');

  return {
    accept: (events) =>
      database.write((db) => {
        for (const { id, subject, institution, action, at, event, salt, commitment } of events) {
          const known = selectOne.get(id);
          if (known && known.event !== event) throw new Problem('conflict', "the event's id stands for something else");
          if (known) continue;
          insert.run(subject, appendLeaf(db, commitment), id, institution, action, at.getTime(), event, salt);
        }
      }),
    listBySubject: (subject) => Promise.resolve(selectBySubject.all(subject).map(toAccessEvent)),
    listLeaves: (begin, end) => Promise.resolve(selectLeaves.all(begin, end).map(({ leaf }) => leaf)),
    countEmergencies(since) {
      const row = count.get(since.getTime());
      return Promise.resolve({
        count: row?.count ?? 0,
        newest: row?.newest === null || row?.newest === undefined ? null : new Date(row.newest),
      });
    },
    forget: (subject) => database.write(() => remove.run(subject).changes),
  };
}
