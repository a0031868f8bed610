import type { MisbehaviourRow } from '../rows/witness.ts';
import type { SeenCheckpoint, WitnessStore } from '../witness.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const witnessSchema: PostgresSchema = {
  name: 'witness',
  tables: { witness_seen: 'reference', witness_misbehaviour: 'reference' },
  migrations: [
    `CREATE TABLE witness_seen (origin TEXT PRIMARY KEY, size BIGINT NOT NULL, root BYTEA NOT NULL, note TEXT NOT NULL);
     CREATE TABLE witness_misbehaviour (origin TEXT NOT NULL, seen_note TEXT NOT NULL, offered_note TEXT NOT NULL,
       noticed_at BIGINT NOT NULL, PRIMARY KEY (origin, seen_note, offered_note));`,
  ],
};

const SELECT_SEEN = sql<SeenCheckpoint>('SELECT origin, size, root, note FROM witness_seen WHERE origin = $1');
/** One statement compares and writes: of two at once, the second waits and finds that it came too late. */
const ADVANCE = sql(
  `INSERT INTO witness_seen AS held (origin, size, root, note) SELECT $2::text, $3::bigint, $4::bytea, $5::text
   WHERE $1::bigint = 0 OR EXISTS (SELECT FROM witness_seen WHERE origin = $2::text)
   ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note
   WHERE held.size = $1::bigint`,
);
const INSERT_MISBEHAVIOUR = sql('INSERT INTO witness_misbehaviour VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING');
const SELECT_MISBEHAVIOUR = sql<MisbehaviourRow>(
  'SELECT * FROM witness_misbehaviour WHERE origin = $1 ORDER BY noticed_at',
);

/** A witness's memory in a database that was opened with `witnessSchema`. */
export const createPostgresWitnessStore = (database: PostgresDatabase): WitnessStore => ({
  readSeen: (origin) => database.first(SELECT_SEEN, origin),
  advance: (previousSize, { origin, size, root, note }) =>
    database.write(async (tx) => (await tx.run(ADVANCE, previousSize, origin, size, root, note)) === 1),
  recordMisbehaviour: ({ origin, seenNote, offeredNote, noticedAt }) =>
    database.write(
      async (tx) => void (await tx.run(INSERT_MISBEHAVIOUR, origin, seenNote, offeredNote, noticedAt.getTime())),
    ),
  readMisbehaviour: async (origin) =>
    (await database.all(SELECT_MISBEHAVIOUR, origin)).map((row) => ({
      origin: row.origin,
      seenNote: row.seen_note,
      offeredNote: row.offered_note,
      noticedAt: new Date(row.noticed_at),
    })),
});
