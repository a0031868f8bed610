import { Problem } from '../../contract/problem.ts';
import type { RelayStore } from '../relay.ts';
import { toUpload, type UploadRow } from '../rows/relay.ts';
import type { PostgresDatabase } from './database.ts';
import { createPieces } from './pieces.ts';
import { STATEMENTS } from './relay-statements.ts';
import { sql, type Queries } from './statement.ts';

type UploadStore = Pick<RelayStore, 'openUpload' | 'readUpload' | 'appendUpload' | 'readPiece' | 'dropUploads'>;

const SELECT = sql<UploadRow>('SELECT * FROM relay_upload WHERE id = $1');
const LOCK = sql<UploadRow>('SELECT * FROM relay_upload WHERE id = $1 FOR UPDATE');
const LOCK_OVER = sql<UploadRow>('SELECT * FROM relay_upload WHERE expires <= $1 ORDER BY id FOR UPDATE SKIP LOCKED');
const INSERT = sql('INSERT INTO relay_upload VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT DO NOTHING');
const GROW = sql('UPDATE relay_upload SET received = $2 WHERE id = $1');
const REMOVE = sql('DELETE FROM relay_upload WHERE id = $1');

async function requireUpload(tx: Queries, id: string): Promise<UploadRow> {
  const row = await tx.first(LOCK, id);
  if (!row) throw new Problem('upload_unknown', 'no upload of this envelope');
  return row;
}

/** Ends a whole upload, its bytes stay; the size. @throws {Problem} `upload_unknown` */
export async function settleUpload(tx: Queries, id: string, digest: string): Promise<number> {
  const { size, received, digest: announced } = await requireUpload(tx, id);
  if (received !== size || announced !== digest) throw new Problem('upload_unknown', 'the upload is not whole');
  await tx.run(REMOVE, id);
  return size;
}

/** Large bodies on their way in. */
export function createPostgresUploads(database: PostgresDatabase): UploadStore {
  const pieces = createPieces('relay_chunk', 'recipient');
  return {
    openUpload: ({ id, to, from, digest, size, expires }) =>
      database.write(async (tx) => {
        await tx.run(INSERT, id, to, from, digest, size, expires.getTime());
        const row = await requireUpload(tx, id);
        const isSame = row.digest === digest && row.size === size && row.sender === from;
        if (!isSame) throw new Problem('conflict', 'the envelope id is taken');
        return toUpload(row);
      }),
    async readUpload(id) {
      const row = await database.first(SELECT, id);
      return row && toUpload(row);
    },
    appendUpload: (id, offset, bytes) =>
      database.write(async (tx) => {
        const row = await requireUpload(tx, id);
        const received = offset + bytes.length;
        if (offset !== row.received || received > row.size) {
          throw new Problem('upload_wrong_offset', `${row.received} of ${row.size} bytes are here`);
        }
        await pieces.write(tx, row.recipient, id, offset, bytes);
        await tx.run(GROW, id, received);
        return toUpload({ ...row, received });
      }),
    async readPiece(id, offset, length) {
      const owner =
        (await database.first(STATEMENTS.findRecipient, id))?.recipient ??
        (await database.first(SELECT, id))?.recipient;
      return owner === undefined ? new Uint8Array() : pieces.read(database, owner, id, offset, length);
    },
    dropUploads: (now) =>
      database.write(async (tx) => {
        const over = await tx.all(LOCK_OVER, now.getTime());
        for (const { id, recipient } of over) {
          await tx.run(REMOVE, id);
          await tx.run(STATEMENTS.deleteChunks, recipient, id);
        }
        return over.length;
      }),
  };
}
