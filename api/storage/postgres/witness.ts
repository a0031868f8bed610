import type { MisbehaviourRow } from '../rows/witness.ts';
import type { SeenCheckpoint, WitnessStore } from '../witness.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const witnessSchema: PostgresSchema = {
  name: 'witness',
  tables: { witness_seen: { by: 'witness' }, witness_misbehaviour: { by: 'witness' } },
  migrations: [
    `CREATE TABLE witness_seen (witness TEXT NOT NULL, origin TEXT NOT NULL, size BIGINT NOT NULL, root BYTEA NOT NULL,
       note TEXT NOT NULL, PRIMARY KEY (witness, origin));
     CREATE TABLE witness_misbehaviour (witness TEXT NOT NULL, origin TEXT NOT NULL, seen_note TEXT NOT NULL, offered_note TEXT NOT NULL,
       noticed_at BIGINT NOT NULL, PRIMARY KEY (witness, origin, seen_note, offered_note));`,
  ],
};

const SELECT_SEEN = sql<SeenCheckpoint>(
  'SELECT origin, size, root, note FROM witness_seen WHERE witness = $1 AND origin = $2',
);
/** One statement compares and writes: of two at once, the second waits and finds that it came too late. */
const ADVANCE = sql(
  `INSERT INTO witness_seen AS held (witness, origin, size, root, note) SELECT $1::text, $3::text, $4::bigint, $5::bytea, $6::text
   WHERE $2::bigint = 0 OR EXISTS (SELECT FROM witness_seen WHERE witness = $1::text AND origin = $3::text)
   ON CONFLICT (witness, origin) DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note
   WHERE held.size = $2::bigint`,
);
const INSERT_MISBEHAVIOUR = sql('INSERT INTO witness_misbehaviour VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING');
const SELECT_MISBEHAVIOUR = sql<MisbehaviourRow>(
  'SELECT * FROM witness_misbehaviour WHERE witness = $1 AND origin = $2 ORDER BY noticed_at',
);

/** The memory of one of the witnesses in a database that was opened with `witnessSchema`. @param witness whose it is */
export const createPostgresWitnessStore = (database: PostgresDatabase, witness: string): WitnessStore => ({
  readSeen: (origin) => database.first(SELECT_SEEN, witness, origin),
  advance: (previousSize, { origin, size, root, note }) =>
    database.write(async (tx) => (await tx.run(ADVANCE, witness, previousSize, origin, size, root, note)) === 1),
  recordMisbehaviour: ({ origin, seenNote, offeredNote, noticedAt }) =>
    database.write(
      async (tx) =>
        void (await tx.run(INSERT_MISBEHAVIOUR, witness, origin, seenNote, offeredNote, noticedAt.getTime())),
    ),
  readMisbehaviour: async (origin) =>
    (await database.all(SELECT_MISBEHAVIOUR, witness, origin)).map((row) => ({
      origin: row.origin,
      seenNote: row.seen_note,
      offeredNote: row.offered_note,
      noticedAt: new Date(row.noticed_at),
    })),
});
