import type { InstitutionId } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import type { BedStore } from '../beds.ts';
import { toBed, type BedRow } from '../rows/beds.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql, type Queries } from './statement.ts';

export const bedsSchema: PostgresSchema = {
  name: 'beds',
  tables: { bed: { by: 'institution' } },
  migrations: [
    `CREATE TABLE bed (institution TEXT NOT NULL, id TEXT NOT NULL, ward TEXT NOT NULL, name TEXT NOT NULL, visit_id TEXT,
       subject TEXT, since BIGINT, confirmed_at BIGINT, PRIMARY KEY (institution, id), UNIQUE (institution, ward, name),
       UNIQUE (institution, subject));`,
  ],
};

const SELECT_ALL = sql<BedRow>('SELECT * FROM bed WHERE institution = $1 ORDER BY ward COLLATE "C", name COLLATE "C"');
const SELECT = sql<BedRow>('SELECT * FROM bed WHERE institution = $1 AND id = $2');
/** All beds of the institution, in one order: two people who change places at once do not wait for each other. */
const LOCK = sql('SELECT 1 FROM bed WHERE institution = $1 ORDER BY id FOR UPDATE');
const INSERT = sql<BedRow>(
  `INSERT INTO bed (institution, id, ward, name) VALUES ($1, $2, $3, $4)
   ON CONFLICT (institution, ward, name) DO NOTHING RETURNING *`,
);
const REMOVE = sql('DELETE FROM bed WHERE institution = $1 AND id = $2');
const LEAVE = sql(
  `UPDATE bed SET visit_id = NULL, subject = NULL, since = NULL, confirmed_at = NULL
   WHERE institution = $1 AND subject = $2`,
);
const LIE_DOWN = sql(
  'UPDATE bed SET visit_id = $3, subject = $4, since = $5, confirmed_at = NULL WHERE institution = $1 AND id = $2',
);
const CONFIRM = sql(
  `UPDATE bed SET confirmed_at = greatest(coalesce(confirmed_at, 0), $4)
   WHERE institution = $1 AND id = $2 AND subject = $3`,
);

/** Beds of one institution in a database that was opened with `bedsSchema`. */
export function createPostgresBedStore(database: PostgresDatabase, institution: InstitutionId): BedStore {
  const read = async (queries: Queries, id: string) => {
    const row = await queries.first(SELECT, institution, id);
    return row && toBed(row);
  };

  return {
    list: async () => (await database.all(SELECT_ALL, institution)).map(toBed),
    find: (id) => read(database, id),
    add: ({ id, ward, name }) =>
      database.write(async (tx) => {
        const row = await tx.first(INSERT, institution, id, ward, name);
        if (!row) throw new Problem('conflict', 'the ward has a bed of that name');
        return toBed(row);
      }),
    remove: (id) =>
      database.write(async (tx) => {
        await tx.all(LOCK, institution);
        if ((await read(tx, id))?.occupant) throw new Problem('conflict', 'somebody lies in the bed');
        await tx.run(REMOVE, institution, id);
      }),
    occupy: (id, occupant, replacing) =>
      database.write(async (tx) => {
        await tx.all(LOCK, institution);
        const bed = await read(tx, id);
        if (!bed) return undefined;
        if ((bed.occupant?.subject ?? null) !== replacing)
          throw new Problem('conflict', 'somebody else lies in the bed');
        if (replacing !== null) await tx.run(LEAVE, institution, replacing);
        if (occupant) {
          const { visitId, subject, at } = occupant;
          await tx.run(LEAVE, institution, subject);
          await tx.run(LIE_DOWN, institution, id, visitId, subject, at.getTime());
        }
        return read(tx, id);
      }),
    confirm: (id, subject, at) =>
      database.write(async (tx) => {
        await tx.run(CONFIRM, institution, id, subject, at.getTime());
        return read(tx, id);
      }),
  };
}
