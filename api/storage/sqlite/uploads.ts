import { Problem } from '../../contract/problem.ts';
import type { RelayStore } from '../relay.ts';
import { toUpload, type UploadRow } from '../rows/relay.ts';
import type { SqliteDatabase } from './database.ts';
import { createPieces } from './pieces.ts';

type UploadStore = Pick<RelayStore, 'openUpload' | 'readUpload' | 'appendUpload' | 'readPiece' | 'dropUploads'>;

/** Large bodies on their way in. `settle` belongs into the commit that accepts the envelope. */
export function createSqliteUploads(database: SqliteDatabase): UploadStore & {
  /** Ends a whole upload, its bytes stay; the size. @throws {Problem} `upload_unknown` */
  settle(id: string, digest: string): number;
} {
  const { connection } = database;
  const pieces = createPieces(connection, 'relay_chunk');
  const select = connection.prepare<[string], UploadRow>('SELECT * FROM relay_upload WHERE id = ?');
  const selectOver = connection.prepare<[number], { id: string }>('SELECT id FROM relay_upload WHERE expires <= ?');
  const insert = connection.prepare(
    `INSERT INTO relay_upload (recipient, id, sender, digest, size, received, expires)
     VALUES ($to, $id, $from, $digest, $size, 0, $expires)`,
  );
  const grow = connection.prepare('UPDATE relay_upload SET received = ? WHERE id = ?');
  const remove = connection.prepare('DELETE FROM relay_upload WHERE id = ?');
  const removeChunks = connection.prepare('DELETE FROM relay_chunk WHERE id = ?');

  const requireUpload = (id: string): UploadRow => {
    const row = select.get(id);
    if (!row) throw new Problem('upload_unknown', 'no upload of this envelope');
    return row;
  };

  return {
    openUpload: (upload) =>
      database.write(() => {
        const known = select.get(upload.id);
        const isSame = known?.digest === upload.digest && known.size === upload.size && known.sender === upload.from;
        if (known && !isSame) throw new Problem('conflict', 'the envelope id is taken');
        if (!known) insert.run({ ...upload, expires: upload.expires.getTime() });
        return toUpload(requireUpload(upload.id));
      }),
    readUpload(id) {
      const row = select.get(id);
      return Promise.resolve(row && toUpload(row));
    },
    appendUpload: (id, offset, bytes) =>
      database.write(() => {
        const row = requireUpload(id);
        const received = offset + bytes.length;
        if (offset !== row.received || received > row.size) {
          throw new Problem('upload_wrong_offset', `${row.received} of ${row.size} bytes are here`);
        }
        pieces.write(id, offset, bytes);
        grow.run(received, id);
        return toUpload({ ...row, received });
      }),
    readPiece: (id, offset, length) => Promise.resolve(pieces.read(id, offset, length)),
    dropUploads: (now) =>
      database.write(() => {
        const over = selectOver.all(now.getTime());
        for (const { id } of over) {
          remove.run(id);
          removeChunks.run(id);
        }
        return over.length;
      }),
    settle(id, digest) {
      const { size, received, digest: announced } = requireUpload(id);
      if (received !== size || announced !== digest) throw new Problem('upload_unknown', 'the upload is not whole');
      remove.run(id);
      return size;
    },
  };
}
