import { expect, it } from 'vitest';
import { evidenceSchema } from '#api/storage/sqlite/evidence.ts';
import { presenceSchema } from '#api/storage/sqlite/presence.ts';
import { createSqliteVisitStore, visitsSchema } from '#api/storage/sqlite/visits.ts';
import { temporaryDatabase, temporaryFile } from './temporary-file.ts';
import { describeVisitStore } from './visit-store-contract.ts';

const SCHEMAS = [evidenceSchema, presenceSchema, visitsSchema];

describeVisitStore('SQLite', () => {
  const path = temporaryFile();
  const database = temporaryDatabase(SCHEMAS, path);
  return {
    store: createSqliteVisitStore(database),
    async reopen() {
      await database.close();
      return createSqliteVisitStore(temporaryDatabase(SCHEMAS, path));
    },
  };
});

it('reads a timeline as one range of one index, whatever else is stored', () => {
  const { connection } = temporaryDatabase(SCHEMAS);
  const plan = (sql: string) =>
    connection
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all('S')
      .map(({ detail }) => detail);
  expect(plan('SELECT visit.*, salt FROM visit JOIN visit_salt USING (leaf) WHERE subject = ? ORDER BY leaf')).toEqual([
    'SEARCH visit USING INDEX visit_subject (subject=?)',
    'SEARCH visit_salt USING INTEGER PRIMARY KEY (rowid=?)',
  ]);
});
