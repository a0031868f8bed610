import { EvidenceError } from '../../contract/evidence/errors.ts';
import type { EvidenceStore, StoredCheckpoint } from '../evidence.ts';
import { toTimestamp, type CheckpointRow, type TimestampRow } from '../rows/evidence.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql, type Queries } from './statement.ts';

/**
 * `evidence_head` is the sequencer: one row whose lock orders all leaves, held until the commit that stores them. So indices
 * have no gaps and leaves become visible in their order. `cosignatures` counts, so that reading needs no join.
 */
export const evidenceSchema: PostgresSchema = {
  name: 'evidence',
  tables: {
    evidence_head: { by: 'log' },
    evidence_leaf: { by: 'idx' },
    evidence_tile: { by: 'idx' },
    evidence_checkpoint: { by: 'size' },
    evidence_cosignature: { by: 'size' },
    evidence_timestamp: { by: 'size' },
  },
  migrations: [
    `CREATE TABLE evidence_head (log TEXT PRIMARY KEY, leaves BIGINT NOT NULL, tree BIGINT NOT NULL);
     INSERT INTO evidence_head VALUES ('evidence', 0, -1);
     CREATE TABLE evidence_leaf (idx BIGINT PRIMARY KEY, commitment BYTEA NOT NULL);
     CREATE TABLE evidence_tile (level SMALLINT NOT NULL, idx BIGINT NOT NULL, hashes BYTEA NOT NULL,
       PRIMARY KEY (level, idx));
     CREATE TABLE evidence_checkpoint (size BIGINT PRIMARY KEY, root BYTEA NOT NULL, signed_at BIGINT NOT NULL,
       note TEXT NOT NULL, cosignatures INTEGER NOT NULL DEFAULT 0);
     CREATE INDEX evidence_cosigned ON evidence_checkpoint (size) WHERE cosignatures > 0;
     CREATE TABLE evidence_cosignature (size BIGINT NOT NULL REFERENCES evidence_checkpoint (size), witness TEXT NOT NULL,
       line TEXT NOT NULL, PRIMARY KEY (size, witness));
     CREATE TABLE evidence_timestamp (size BIGINT PRIMARY KEY REFERENCES evidence_checkpoint (size),
       authority TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('rfc3161', 'simulated')), token BYTEA NOT NULL,
       time BIGINT NOT NULL);`,
  ],
};

const LOCK_HEAD = sql('SELECT log FROM evidence_head FOR UPDATE');
const TAKE_INDEX = sql<{ idx: number }>('UPDATE evidence_head SET leaves = leaves + 1 RETURNING leaves - 1 AS idx');
const INSERT_LEAF = sql('INSERT INTO evidence_leaf (idx, commitment) VALUES ($1, $2)');

/**
 * Waits for the sequencer. The first step of a transaction that will append a leaf: whoever held other rows first could wait
 * for one who holds the sequencer and wants those.
 */
export const lockSequencer = async (tx: Queries): Promise<void> => void (await tx.first(LOCK_HEAD));

/**
 * Sequences a leaf and returns its index, beside the statements of the same transaction that store what the leaf commits
 * to. Until the commit nobody else gets an index: a write of this kind is one of `writeTogether`.
 */
export async function appendLeaf(tx: Queries, commitment: Uint8Array): Promise<number> {
  if (commitment.length !== 32) throw new RangeError('a commitment has 32 bytes');
  const taken = await tx.first(TAKE_INDEX);
  if (!taken) throw new EvidenceError('tree_damaged', 'the sequencer is gone');
  await tx.run(INSERT_LEAF, taken.idx, commitment);
  return taken.idx;
}

const CHECKPOINT = 'SELECT size, root, signed_at, note, cosignatures FROM evidence_checkpoint';
const COUNT_LEAVES = sql<{ leaves: number }>('SELECT leaves FROM evidence_head');
const SELECT_LEAVES = sql<{ commitment: Uint8Array }>(
  'SELECT commitment FROM evidence_leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx',
);
const SELECT_TILE = sql<{ hashes: Uint8Array }>('SELECT hashes FROM evidence_tile WHERE level = $1 AND idx = $2');
const SELECT_LATEST = sql<CheckpointRow>(`${CHECKPOINT} ORDER BY size DESC LIMIT 1`);
const SELECT_CHECKPOINT = sql<CheckpointRow>(`${CHECKPOINT} WHERE size = $1`);
const SELECT_COSIGNED = sql<CheckpointRow>(
  `${CHECKPOINT} WHERE cosignatures > 0 AND cosignatures >= $1 ORDER BY size DESC LIMIT 1`,
);
const SELECT_AFTER = sql<CheckpointRow>(`${CHECKPOINT} WHERE size > $1 ORDER BY size LIMIT 1`);
const SELECT_COSIGNATURES = sql<{ line: string }>(
  'SELECT line FROM evidence_cosignature WHERE size = $1 ORDER BY witness COLLATE "C"',
);
const LOCK_CHECKPOINT = sql('SELECT size FROM evidence_checkpoint WHERE size = $1 FOR UPDATE');
const UPSERT_COSIGNATURE = sql(
  `INSERT INTO evidence_cosignature (size, witness, line) VALUES ($1, $2, $3)
   ON CONFLICT (size, witness) DO UPDATE SET line = excluded.line`,
);
const COUNT_COSIGNATURES = sql(
  `UPDATE evidence_checkpoint
   SET cosignatures = (SELECT count(*) FROM evidence_cosignature WHERE size = $1) WHERE size = $1`,
);
const ADVANCE_TREE = sql('UPDATE evidence_head SET tree = $2 WHERE tree = $1 AND $2 > tree');
const UPSERT_TILE = sql(
  `INSERT INTO evidence_tile (level, idx, hashes) VALUES ($1, $2, $3)
   ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes`,
);
const INSERT_CHECKPOINT = sql('INSERT INTO evidence_checkpoint (size, root, signed_at, note) VALUES ($1, $2, $3, $4)');
const INSERT_TIMESTAMP = sql(
  `INSERT INTO evidence_timestamp (size, authority, kind, token, time) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (size) DO NOTHING`,
);
const SELECT_NEWEST_TIMESTAMP = sql<TimestampRow>('SELECT * FROM evidence_timestamp ORDER BY size DESC LIMIT 1');
const SELECT_COVERING = sql<TimestampRow>(
  `SELECT evidence_timestamp.* FROM evidence_timestamp JOIN evidence_checkpoint USING (size)
   WHERE size >= $1 AND cosignatures >= $2 ORDER BY size LIMIT 1`,
);

/** The evidence log's part of a database that was opened with `evidenceSchema`. */
export function createPostgresEvidenceStore(database: PostgresDatabase): EvidenceStore {
  const toCheckpoint = async (row: CheckpointRow | undefined): Promise<StoredCheckpoint | undefined> => {
    if (!row) return undefined;
    const { size, root, signed_at: signedAt, note, cosignatures } = row;
    const lines = cosignatures > 0 ? (await database.all(SELECT_COSIGNATURES, size)).map(({ line }) => line) : [];
    return { size, root, signedAt: new Date(signedAt), note: note + lines.join('') };
  };

  return {
    readLeafCount: async () => (await database.first(COUNT_LEAVES))?.leaves ?? 0,
    readLeaves: async (begin, end) =>
      (await database.all(SELECT_LEAVES, begin, end)).map(({ commitment }) => commitment),
    readTile: async (level, index) => (await database.first(SELECT_TILE, level, index))?.hashes,
    readLatestCheckpoint: async () => toCheckpoint(await database.first(SELECT_LATEST)),
    readCheckpoint: async (size) => toCheckpoint(await database.first(SELECT_CHECKPOINT, size)),
    readLatestCosigned: async (count) => toCheckpoint(await database.first(SELECT_COSIGNED, count)),
    readFirstCheckpointAfter: async (size) => toCheckpoint(await database.first(SELECT_AFTER, size)),
    readLatestTimestamp: async () => toTimestamp(await database.first(SELECT_NEWEST_TIMESTAMP)),
    readTimestampCovering: async (size, cosignatures = 0) =>
      toTimestamp(await database.first(SELECT_COVERING, size, cosignatures)),
    addTimestamp: ({ size, authority, kind, token, time }) =>
      database.write(async (tx) => void (await tx.run(INSERT_TIMESTAMP, size, authority, kind, token, time.getTime()))),
    addCosignature: (size, witness, line) =>
      database.write(async (tx) => {
        // Two witnesses at once: the second counts after the first is committed.
        await tx.first(LOCK_CHECKPOINT, size);
        await tx.run(UPSERT_COSIGNATURE, size, witness, line);
        await tx.run(COUNT_COSIGNATURES, size);
      }),
    commitTree: ({ previousSize, tiles, checkpoint: { size, root, signedAt, note } }) =>
      database.write(async (tx) => {
        if ((await tx.run(ADVANCE_TREE, previousSize, size)) !== 1) {
          throw new EvidenceError('tree_moved', `the tree has not ${previousSize} leaves any longer`);
        }
        for (const { level, index, hashes } of tiles) await tx.run(UPSERT_TILE, level, index, hashes);
        await tx.run(INSERT_CHECKPOINT, size, root, signedAt.getTime(), note);
      }),
  };
}
