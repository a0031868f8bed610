import type { Misbehaviour, SeenCheckpoint, WitnessStore } from '../witness.ts';
import type { MisbehaviourRow } from '../rows/witness.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const witnessSchema: Schema = {
  name: 'witness',
  migrations: [
    `CREATE TABLE witness_seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
       note TEXT NOT NULL) STRICT;
     CREATE TABLE witness_misbehaviour (origin TEXT NOT NULL, seen_note TEXT NOT NULL, offered_note TEXT NOT NULL,
       noticed_at INTEGER NOT NULL, PRIMARY KEY (origin, seen_note, offered_note)) STRICT;`,
  ],
};

/** A witness's memory in an embedded database that was opened with `witnessSchema`. */
export function createSqliteWitnessStore(database: SqliteDatabase): WitnessStore {
  const { connection } = database;
  const selectSeen = connection.prepare<[string], SeenCheckpoint>(
    'SELECT origin, size, root, note FROM witness_seen WHERE origin = ?',
  );
  const upsertSeen = connection.prepare<[string, number, Uint8Array, string]>(
    `INSERT INTO witness_seen (origin, size, root, note) VALUES (?, ?, ?, ?)
     ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note`,
  );
  const insertMisbehaviour = connection.prepare<[string, string, string, number]>(
    'INSERT INTO witness_misbehaviour VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const selectMisbehaviour = connection.prepare<[string], MisbehaviourRow>(
    'SELECT * FROM witness_misbehaviour WHERE origin = ? ORDER BY noticed_at',
  );

  return {
    readSeen: (origin) => {
      const row = selectSeen.get(origin);
      return Promise.resolve(row && { ...row, root: new Uint8Array(row.root) });
    },
    advance: (previousSize, { origin, size, root, note }) =>
      database.write(() => {
        if ((selectSeen.get(origin)?.size ?? 0) !== previousSize) return false;
        upsertSeen.run(origin, size, root, note);
        return true;
      }),
    recordMisbehaviour: async ({ origin, seenNote, offeredNote, noticedAt }) => {
      await database.write(() => insertMisbehaviour.run(origin, seenNote, offeredNote, noticedAt.getTime()));
    },
    readMisbehaviour: (origin) =>
      Promise.resolve(
        selectMisbehaviour.all(origin).map((row): Misbehaviour => ({
          origin: row.origin,
          seenNote: row.seen_note,
          offeredNote: row.offered_note,
          noticedAt: new Date(row.noticed_at),
        })),
      ),
  };
}
