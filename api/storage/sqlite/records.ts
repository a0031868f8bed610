import { digestBase64Url } from '../../contract/encoding.ts';
import type { RecordStore } from '../records.ts';
import { type DocumentRow, toDocument } from '../rows/records.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const recordsSchema: Schema = {
  name: 'records',
  migrations: [
    `CREATE TABLE record_document (
       visit_id TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, registered_at INTEGER NOT NULL,
       resources INTEGER NOT NULL, bundle_hash TEXT NOT NULL, bundle TEXT NOT NULL, PRIMARY KEY (visit_id, id)) STRICT;
     CREATE UNIQUE INDEX record_document_content ON record_document (visit_id, kind, bundle_hash);`,
  ],
};

/** The records' part of an embedded database that was opened with `recordsSchema`. */
export function createSqliteRecordStore(database: SqliteDatabase): RecordStore {
  const { connection } = database;
  const insert = connection.prepare<[string, string, string, number, number, string, string]>(
    `INSERT INTO record_document (visit_id, id, kind, registered_at, resources, bundle_hash, bundle)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (visit_id, kind, bundle_hash) DO NOTHING`,
  );
  const selectSame = connection.prepare<[string, string, string], DocumentRow>(
    'SELECT * FROM record_document WHERE visit_id = ? AND kind = ? AND bundle_hash = ?',
  );
  const selectVisit = connection.prepare<[string], DocumentRow>(
    'SELECT * FROM record_document WHERE visit_id = ? ORDER BY registered_at, id',
  );
  const countVisit = connection.prepare<[string], { count: number }>(
    'SELECT count(*) AS count FROM record_document WHERE visit_id = ?',
  );

  return {
    register: (document) =>
      database.write(() => {
        const { id, visitId, kind, registeredAt, resources, bundle } = document;
        const hash = digestBase64Url(bundle);
        insert.run(visitId, id, kind, registeredAt.getTime(), resources, hash, bundle);
        const row = selectSame.get(visitId, kind, hash);
        return row ? toDocument(row) : document;
      }),
    readForVisits: (visitIds, kinds) =>
      Promise.resolve(
        visitIds
          .flatMap((visitId) => selectVisit.all(visitId))
          .filter(({ kind }) => kinds === undefined || kinds.includes(kind))
          .map(toDocument),
      ),
    countForVisits: (visitIds) =>
      Promise.resolve(
        new Map(
          visitIds
            .map((visitId) => [visitId, countVisit.get(visitId)?.count ?? 0] as const)
            .filter(([, count]) => count > 0),
        ),
      ),
  };
}
