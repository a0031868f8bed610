import { Problem } from '../../contract/problem.ts';
import type { AccessEventStore } from '../access-events.ts';
import { toAccessEvent, type AccessEventRow } from '../rows/access-events.ts';
import type { PostgresDatabase } from './database.ts';
import { appendLeaf, lockSequencer } from './evidence.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

/** Needs `evidenceSchema` in the same database: both change in one commit. An id stands for one event wherever it lies. */
export const accessEventsSchema: PostgresSchema = {
  name: 'access-events',
  tables: { access_event: { by: 'subject' }, access_event_id: { by: 'id' } },
  migrations: [
    `CREATE TABLE access_event_id (id TEXT PRIMARY KEY, subject TEXT NOT NULL);
     CREATE TABLE access_event (
       subject TEXT NOT NULL, leaf BIGINT NOT NULL, id TEXT NOT NULL, institution TEXT NOT NULL,
       action TEXT NOT NULL, at BIGINT NOT NULL, event TEXT NOT NULL, salt BYTEA NOT NULL, PRIMARY KEY (subject, leaf));
     CREATE INDEX access_event_by_id ON access_event (subject, id);
     CREATE INDEX access_event_emergency ON access_event (at) WHERE action = 'emergency_asked';`,
    `CREATE INDEX access_event_leaf ON access_event (leaf);`,
  ],
};

const CLAIM = sql('INSERT INTO access_event_id VALUES ($1, $2) ON CONFLICT DO NOTHING');
const SELECT = sql<{ event: string }>(
  'SELECT event FROM access_event WHERE id = $1 AND subject = (SELECT subject FROM access_event_id WHERE id = $1)',
);
const SELECT_BY_SUBJECT = sql<AccessEventRow>('SELECT * FROM access_event WHERE subject = $1 ORDER BY leaf');
const INSERT = sql(
  'INSERT INTO access_event (subject, leaf, id, institution, action, at, event, salt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
);
const SELECT_LEAVES = sql<{ leaf: number }>(
  'SELECT leaf FROM access_event WHERE leaf >= $1 AND leaf < $2 ORDER BY leaf',
);
const COUNT = sql<{ count: number; newest: number | null }>(
  `SELECT count(*) AS count, max(at) AS newest FROM access_event WHERE action = 'emergency_asked' AND at >= $1`,
);
const REMOVE_IDS = sql('DELETE FROM access_event_id WHERE subject = $1');
const REMOVE = sql('DELETE FROM access_event WHERE subject = $1');
const VACUUM = sql('VACUUM access_event, access_event_id');

/** Access events in a database that was opened with `accessEventsSchema` and `evidenceSchema`. */
export const createPostgresAccessEventStore = (database: PostgresDatabase): AccessEventStore => ({
  accept: (events) =>
    database.writeTogether(async (tx) => {
      await lockSequencer(tx);
      for (const { id, subject, institution, action, at, event, salt, commitment } of events) {
        if ((await tx.run(CLAIM, id, subject)) === 1) {
          const leaf = await appendLeaf(tx, commitment);
          await tx.run(INSERT, subject, leaf, id, institution, action, at.getTime(), event, salt);
          continue;
        }
        const known = await tx.first(SELECT, id);
        if (known?.event !== event) throw new Problem('conflict', "the event's id stands for something else");
      }
    }),
  listBySubject: async (subject) => (await database.all(SELECT_BY_SUBJECT, subject)).map(toAccessEvent),
  listLeaves: async (begin, end) => (await database.all(SELECT_LEAVES, begin, end)).map(({ leaf }) => leaf),
  async countEmergencies(since) {
    const row = await database.first(COUNT, since.getTime());
    const newest = row?.newest ?? null;
    return { count: row?.count ?? 0, newest: newest === null ? null : new Date(newest) };
  },
  async forget(subject) {
    const count = await database.write(async (tx) => {
      await tx.run(REMOVE_IDS, subject);
      return tx.run(REMOVE, subject);
    });
    await database.run(VACUUM);
    return count;
  },
});
