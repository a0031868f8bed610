import { digestBase64Url } from '../../contract/encoding.ts';
import type { InstitutionId } from '../../contract/ids.ts';
import type { RecordStore } from '../records.ts';
import { toDocument, type DocumentRow } from '../rows/records.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const recordsSchema: PostgresSchema = {
  name: 'records',
  tables: { record_document: { by: 'institution' } },
  migrations: [
    `CREATE TABLE record_document (
       institution TEXT NOT NULL, visit_id TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
       registered_at BIGINT NOT NULL, resources INTEGER NOT NULL, bundle_hash TEXT NOT NULL, bundle TEXT NOT NULL,
       PRIMARY KEY (institution, visit_id, id));
     CREATE UNIQUE INDEX record_document_content ON record_document (institution, visit_id, kind, bundle_hash);`,
  ],
};

const INSERT = sql(
  `INSERT INTO record_document VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
   ON CONFLICT (institution, visit_id, kind, bundle_hash) DO NOTHING`,
);
const SELECT_SAME = sql<DocumentRow>(
  'SELECT * FROM record_document WHERE institution = $1 AND visit_id = $2 AND kind = $3 AND bundle_hash = $4',
);
/** In the order in which the visits are named, as they were asked for. */
const SELECT_VISITS = sql<DocumentRow>(
  `SELECT record_document.* FROM unnest($2::text[]) WITH ORDINALITY AS asked (visit_id, place)
   JOIN record_document USING (visit_id) WHERE institution = $1 ORDER BY place, registered_at, id COLLATE "C"`,
);
const COUNT_VISITS = sql<{ visit_id: string; count: number }>(
  `SELECT visit_id, count(*) AS count FROM record_document
   WHERE institution = $1 AND visit_id = ANY ($2::text[]) GROUP BY visit_id`,
);

/** One institution's records in a database that was opened with `recordsSchema`. */
export const createPostgresRecordStore = (database: PostgresDatabase, institution: InstitutionId): RecordStore => ({
  register: (document) =>
    database.write(async (tx) => {
      const { id, visitId, kind, registeredAt, resources, bundle } = document;
      const hash = digestBase64Url(bundle);
      await tx.run(INSERT, institution, visitId, id, kind, registeredAt.getTime(), resources, hash, bundle);
      const row = await tx.first(SELECT_SAME, institution, visitId, kind, hash);
      return row ? toDocument(row) : document;
    }),
  readForVisits: async (visitIds, kinds) =>
    (await database.all(SELECT_VISITS, institution, visitIds))
      .filter(({ kind }) => kinds === undefined || kinds.includes(kind))
      .map(toDocument),
  countForVisits: async (visitIds) =>
    new Map((await database.all(COUNT_VISITS, institution, visitIds)).map(({ visit_id, count }) => [visit_id, count])),
});
