import { Problem } from '../../contract/problem.ts';
import type { BedStore } from '../beds.ts';
import { toBed, type BedRow } from '../rows/beds.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const bedsSchema: Schema = {
  name: 'beds',
  migrations: [
    `CREATE TABLE bed (id TEXT PRIMARY KEY, ward TEXT NOT NULL, name TEXT NOT NULL, visit_id TEXT, subject TEXT UNIQUE,
       since INTEGER, confirmed_at INTEGER, UNIQUE (ward, name)) STRICT;`,
  ],
};

/** Beds in an embedded database that was opened with `bedsSchema`. */
export function createSqliteBedStore(database: SqliteDatabase): BedStore {
  const { connection } = database;
  const selectAll = connection.prepare<[], BedRow>('SELECT * FROM bed ORDER BY ward, name');
  const select = connection.prepare<[string], BedRow>('SELECT * FROM bed WHERE id = ?');
  const insert = connection.prepare<[string, string, string], BedRow>(
    'INSERT INTO bed (id, ward, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING *',
  );
  const remove = connection.prepare<[string]>('DELETE FROM bed WHERE id = ?');
  const leave = connection.prepare<[string]>(
    'UPDATE bed SET visit_id = NULL, subject = NULL, since = NULL, confirmed_at = NULL WHERE subject = ?',
  );
  const lieDown = connection.prepare<[string, string, number, string]>(
    'UPDATE bed SET visit_id = ?, subject = ?, since = ?, confirmed_at = NULL WHERE id = ?',
  );
  const confirm = connection.prepare<[number, string, string]>(
    'UPDATE bed SET confirmed_at = max(coalesce(confirmed_at, 0), ?) WHERE id = ? AND subject = ?',
  );
  const read = (id: string) => {
    const row = select.get(id);
    return row && toBed(row);
  };

  return {
    list: () => Promise.resolve(selectAll.all().map(toBed)),
    find: (id) => Promise.resolve(read(id)),
    add: ({ id, ward, name }) =>
      database.write(() => {
        const row = insert.get(id, ward, name);
        if (!row) throw new Problem('conflict', 'the ward has a bed of that name');
        return toBed(row);
      }),
    remove: (id) =>
      database.write(() => {
        if (read(id)?.occupant) throw new Problem('conflict', 'somebody lies in the bed');
        remove.run(id);
      }),
    occupy: (id, occupant, replacing) =>
      database.write(() => {
        const bed = read(id);
        if (!bed) return undefined;
        if ((bed.occupant?.subject ?? null) !== replacing)
          throw new Problem('conflict', 'somebody else lies in the bed');
        if (replacing !== null) leave.run(replacing);
        if (occupant) {
          leave.run(occupant.subject);
          lieDown.run(occupant.visitId, occupant.subject, occupant.at.getTime(), id);
        }
        return read(id);
      }),
    confirm: (id, subject, at) =>
      database.write(() => {
        confirm.run(at.getTime(), id, subject);
        return read(id);
      }),
  };
}
