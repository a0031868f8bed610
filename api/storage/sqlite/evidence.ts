import type Database from 'better-sqlite3';
import { EvidenceError } from '../../contract/evidence/errors.ts';
import type { EvidenceStore, StoredCheckpoint } from '../evidence.ts';
import { type CheckpointRow, type TimestampRow, toTimestamp } from '../rows/evidence.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const evidenceSchema: Schema = {
  name: 'evidence',
  migrations: [
    `CREATE TABLE evidence_leaf (idx INTEGER PRIMARY KEY, commitment BLOB NOT NULL) STRICT;
     CREATE TABLE evidence_tile (level INTEGER NOT NULL, idx INTEGER NOT NULL, hashes BLOB NOT NULL,
       PRIMARY KEY (level, idx)) STRICT;
     CREATE TABLE evidence_checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, signed_at INTEGER NOT NULL,
       note TEXT NOT NULL) STRICT;`,
    `CREATE TABLE evidence_cosignature (size INTEGER NOT NULL REFERENCES evidence_checkpoint (size),
       witness TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (size, witness)) STRICT;
     ALTER TABLE evidence_checkpoint ADD COLUMN cosignatures INTEGER NOT NULL DEFAULT 0;
     CREATE INDEX evidence_cosigned ON evidence_checkpoint (size) WHERE cosignatures > 0;`,
    `CREATE TABLE evidence_timestamp (size INTEGER PRIMARY KEY REFERENCES evidence_checkpoint (size),
       authority TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('rfc3161', 'simulated')), token BLOB NOT NULL,
       time INTEGER NOT NULL) STRICT;`,
  ],
};

const appendStatements = new WeakMap<Database.Database, Database.Statement<[Uint8Array], { idx: number }>>();

/**
 * Sequences a leaf and returns its index. To be called inside `SqliteDatabase.write`, beside the statement that stores
 * what the leaf commits to: both become durable together, and work that is undone leaves no gap.
 */
export function appendLeaf(connection: Database.Database, commitment: Uint8Array): number {
  if (commitment.length !== 32) throw new RangeError('a commitment has 32 bytes');
  if (!connection.inTransaction) throw new TypeError('a leaf is appended inside a transaction');
  let statement = appendStatements.get(connection);
  if (!statement) {
    statement = connection.prepare(
      `INSERT INTO evidence_leaf (idx, commitment)
       VALUES ((SELECT ifnull(max(idx), -1) + 1 FROM evidence_leaf), ?) RETURNING idx`,
    );
    appendStatements.set(connection, statement);
  }
  const row = statement.get(commitment);
  if (!row) throw new EvidenceError('tree_damaged', 'the leaf was not sequenced');
  return row.idx;
}

const CHECKPOINT = 'SELECT size, root, signed_at, note, cosignatures FROM evidence_checkpoint';

/** The evidence log's part of an embedded database that was opened with `evidenceSchema`. */
export function createSqliteEvidenceStore(database: SqliteDatabase): EvidenceStore {
  const { connection } = database;
  const countLeaves = connection.prepare<[], { count: number }>(
    'SELECT ifnull(max(idx), -1) + 1 AS count FROM evidence_leaf',
  );
  const selectLeaves = connection.prepare<[number, number], { commitment: Uint8Array }>(
    'SELECT commitment FROM evidence_leaf WHERE idx >= ? AND idx < ? ORDER BY idx',
  );
  const selectTile = connection.prepare<[number, number], { hashes: Uint8Array }>(
    'SELECT hashes FROM evidence_tile WHERE level = ? AND idx = ?',
  );
  const selectLatest = connection.prepare<[], CheckpointRow>(`${CHECKPOINT} ORDER BY size DESC LIMIT 1`);
  const selectCheckpoint = connection.prepare<[number], CheckpointRow>(`${CHECKPOINT} WHERE size = ?`);
  const selectCosigned = connection.prepare<[number], CheckpointRow>(
    `${CHECKPOINT} WHERE cosignatures > 0 AND cosignatures >= ? ORDER BY size DESC LIMIT 1`,
  );
  const selectAfter = connection.prepare<[number], CheckpointRow>(`${CHECKPOINT} WHERE size > ? ORDER BY size LIMIT 1`);
  const insertTimestamp = connection.prepare<[number, string, string, Uint8Array, number]>(
    `INSERT INTO evidence_timestamp (size, authority, kind, token, time) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (size) DO NOTHING`,
  );
  const selectNewestTimestamp = connection.prepare<[], TimestampRow>(
    'SELECT * FROM evidence_timestamp ORDER BY size DESC LIMIT 1',
  );
  const selectCovering = connection.prepare<[number, number], TimestampRow>(
    `SELECT evidence_timestamp.* FROM evidence_timestamp JOIN evidence_checkpoint USING (size)
     WHERE size >= ? AND cosignatures >= ? ORDER BY size LIMIT 1`,
  );
  const selectCosignatures = connection.prepare<[number], { line: string }>(
    'SELECT line FROM evidence_cosignature WHERE size = ? ORDER BY witness',
  );
  const upsertCosignature = connection.prepare<[number, string, string]>(
    `INSERT INTO evidence_cosignature (size, witness, line) VALUES (?, ?, ?)
     ON CONFLICT (size, witness) DO UPDATE SET line = excluded.line`,
  );
  const countCosignatures = connection.prepare<[number, number]>(
    `UPDATE evidence_checkpoint
     SET cosignatures = (SELECT count(*) FROM evidence_cosignature WHERE size = ?) WHERE size = ?`,
  );
  const toCheckpoint = (row: CheckpointRow | undefined): StoredCheckpoint | undefined => {
    if (!row) return undefined;
    const { size, root, signed_at: signedAt, note, cosignatures } = row;
    const lines = cosignatures > 0 ? selectCosignatures.all(size).map(({ line }) => line) : [];
    return { size, root: new Uint8Array(root), signedAt: new Date(signedAt), note: note + lines.join('') };
  };
  const upsertTile = connection.prepare<[number, number, Uint8Array]>(
    `INSERT INTO evidence_tile (level, idx, hashes) VALUES (?, ?, ?)
     ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes`,
  );
  const insertCheckpoint = connection.prepare<[number, Uint8Array, number, string]>(
    'INSERT INTO evidence_checkpoint (size, root, signed_at, note) VALUES (?, ?, ?, ?)',
  );

  return {
    readLeafCount: () => Promise.resolve(countLeaves.get()?.count ?? 0),
    readLeaves: (begin, end) =>
      Promise.resolve(selectLeaves.all(begin, end).map(({ commitment }) => new Uint8Array(commitment))),
    readTile: (level, index) => {
      const row = selectTile.get(level, index);
      return Promise.resolve(row && new Uint8Array(row.hashes));
    },
    readLatestCheckpoint: () => Promise.resolve(toCheckpoint(selectLatest.get())),
    readCheckpoint: (size) => Promise.resolve(toCheckpoint(selectCheckpoint.get(size))),
    readLatestCosigned: (count) => Promise.resolve(toCheckpoint(selectCosigned.get(count))),
    readFirstCheckpointAfter: (size) => Promise.resolve(toCheckpoint(selectAfter.get(size))),
    readLatestTimestamp: () => Promise.resolve(toTimestamp(selectNewestTimestamp.get())),
    readTimestampCovering: (size, cosignatures = 0) =>
      Promise.resolve(toTimestamp(selectCovering.get(size, cosignatures))),
    addTimestamp: async ({ size, authority, kind, token, time }) => {
      await database.write(() => insertTimestamp.run(size, authority, kind, token, time.getTime()));
    },
    addCosignature: (size, witness, line) =>
      database.write(() => {
        upsertCosignature.run(size, witness, line);
        countCosignatures.run(size, size);
      }),
    commitTree: ({ previousSize, tiles, checkpoint }) =>
      database.write(() => {
        const newest = selectLatest.get()?.size ?? -1;
        if (newest !== previousSize || checkpoint.size <= newest) {
          throw new EvidenceError('tree_moved', `the tree has ${newest} leaves, not ${previousSize}`);
        }
        for (const { level, index, hashes } of tiles) upsertTile.run(level, index, hashes);
        insertCheckpoint.run(checkpoint.size, checkpoint.root, checkpoint.signedAt.getTime(), checkpoint.note);
      }),
  };
}
