import { toEntry, toPasskey, toRecord, type EntryRow, type PasskeyRow, type StaffRow } from '../rows/staff.ts';
import type { PasskeyRecord, StaffStore } from '../staff.ts';
import type { Schema, SqliteDatabase } from './database.ts';

export const staffSchema: Schema = {
  name: 'staff',
  migrations: [
    `CREATE TABLE staff (id TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, created_at INTEGER NOT NULL,
       disabled_at INTEGER, last_sign_in_at INTEGER) STRICT;
     CREATE TABLE staff_passkey (credential_id TEXT PRIMARY KEY, staff TEXT NOT NULL REFERENCES staff (id),
       public_key BLOB NOT NULL, counter INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT;
     CREATE INDEX staff_passkey_staff ON staff_passkey (staff);
     CREATE TABLE staff_invitation (staff TEXT PRIMARY KEY REFERENCES staff (id), hash TEXT NOT NULL UNIQUE,
       expires INTEGER NOT NULL) STRICT;
     CREATE TABLE staff_challenge (challenge TEXT PRIMARY KEY, terminal TEXT NOT NULL, expires INTEGER NOT NULL)
       STRICT, WITHOUT ROWID;
     CREATE TABLE staff_session (token_hash TEXT PRIMARY KEY, staff TEXT NOT NULL REFERENCES staff (id),
       terminal TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL) STRICT;
     CREATE INDEX staff_session_staff ON staff_session (staff);`,
  ],
};

const COUNTED = `SELECT staff.*, (SELECT count(*) FROM staff_passkey WHERE staff_passkey.staff = staff.id) AS passkeys
  FROM staff`;

/** Staff in an embedded database that was opened with `staffSchema`. */
export function createSqliteStaffStore(database: SqliteDatabase): StaffStore {
  const { connection } = database;
  const select = connection.prepare<[string], EntryRow>(`${COUNTED} WHERE id = ?`);
  const selectAll = connection.prepare<[], EntryRow>(`${COUNTED} ORDER BY name, id`);
  const selectInvitation = connection.prepare<[string, number], { staff: string; expires: number }>(
    'SELECT staff, expires FROM staff_invitation WHERE hash = ? AND expires > ?',
  );
  const selectPasskey = connection.prepare<[string], PasskeyRow>('SELECT * FROM staff_passkey WHERE credential_id = ?');
  const selectPasskeys = connection.prepare<[string], PasskeyRow>(
    'SELECT * FROM staff_passkey WHERE staff = ? ORDER BY created_at',
  );
  const insertPasskey = connection.prepare<[string, string, Uint8Array, number, number]>(
    'INSERT INTO staff_passkey VALUES (?, ?, ?, ?, ?) ON CONFLICT (credential_id) DO NOTHING',
  );
  const selectSession = connection.prepare<[string, string, number], StaffRow>(
    `SELECT staff.* FROM staff_session JOIN staff ON staff.id = staff_session.staff
     WHERE token_hash = ? AND terminal = ? AND expires > ? AND disabled_at IS NULL`,
  );
  const run = (sql: string, ...values: readonly (string | number | null)[]) => connection.prepare(sql).run(...values);
  const keep = ({ credentialId, staff, publicKey, counter, createdAt }: PasskeyRecord) =>
    insertPasskey.run(credentialId, staff, publicKey, counter, createdAt.getTime());

  return {
    add: ({ id, name, roles, createdAt, disabledAt }) =>
      database.write(() => {
        const at = disabledAt?.getTime() ?? null;
        run('INSERT INTO staff VALUES (?, ?, ?, ?, ?, NULL)', id, name, roles.join(' '), createdAt.getTime(), at);
      }),
    find: (id) => Promise.resolve(select.get(id)).then((row) => row && toEntry(row)),
    list: () => Promise.resolve(selectAll.all().map(toEntry)),
    change: (id, { roles, disabledAt }) =>
      database.write(() => {
        if (roles) run('UPDATE staff SET roles = ? WHERE id = ?', roles.join(' '), id);
        if (disabledAt === undefined) return;
        run('UPDATE staff SET disabled_at = ? WHERE id = ?', disabledAt?.getTime() ?? null, id);
        run('DELETE FROM staff_session WHERE staff = ?', id);
        run('DELETE FROM staff_invitation WHERE staff = ?', id);
      }),
    countAdministrators: () =>
      Promise.resolve(
        selectAll
          .all()
          .map(toEntry)
          .filter(({ roles, disabledAt, passkeys }) => roles.includes('administrator') && !disabledAt && passkeys > 0)
          .length,
      ),

    invite: ({ hash, staff, expires }) =>
      database.write(() => {
        run(
          `INSERT INTO staff_invitation VALUES (?, ?, ?)
           ON CONFLICT (staff) DO UPDATE SET hash = excluded.hash, expires = excluded.expires`,
          ...[staff, hash, expires.getTime()],
        );
      }),
    findInvitation(hash, now) {
      const row = selectInvitation.get(hash, now.getTime());
      return Promise.resolve(row && { hash, staff: row.staff, expires: new Date(row.expires) });
    },
    addPasskey: (passkey, invitationHash) =>
      database.write(() => {
        const { staff, createdAt } = passkey;
        const at = createdAt.getTime();
        const used = run(
          'DELETE FROM staff_invitation WHERE hash = ? AND staff = ? AND expires > ?',
          ...[invitationHash, staff, at],
        );
        if (used.changes !== 1) return false;
        run('DELETE FROM staff_session WHERE staff = ?', staff);
        run('DELETE FROM staff_passkey WHERE staff = ?', staff);
        return keep(passkey).changes === 1;
      }),
    seedPasskey: (passkey) => database.write(() => void keep(passkey)),
    findPasskey: (id) => Promise.resolve(selectPasskey.get(id)).then((row) => row && toPasskey(row)),
    listPasskeys: (staff) => Promise.resolve(selectPasskeys.all(staff).map(toPasskey)),

    saveChallenge: ({ challenge, terminal, expires }) =>
      database.write(() => {
        // A day is longer than any challenge lives.
        run('DELETE FROM staff_challenge WHERE expires < ?', expires.getTime() - 86_400_000);
        run('INSERT INTO staff_challenge VALUES (?, ?, ?)', challenge, terminal, expires.getTime());
      }),
    useChallenge: (challenge, terminal, now) =>
      database.write(
        () =>
          run(
            'DELETE FROM staff_challenge WHERE challenge = ? AND terminal = ? AND expires > ?',
            ...[challenge, terminal, now.getTime()],
          ).changes === 1,
      ),

    openSession: ({ tokenHash, staff, terminal, credentialId, openedAt, expires }, counter) =>
      database.write(() => {
        run('DELETE FROM staff_session WHERE terminal = ? OR expires <= ?', terminal, openedAt.getTime());
        run('INSERT INTO staff_session VALUES (?, ?, ?, ?)', tokenHash, staff, terminal, expires.getTime());
        run('UPDATE staff_passkey SET counter = ? WHERE credential_id = ?', counter, credentialId);
        run('UPDATE staff SET last_sign_in_at = ? WHERE id = ?', openedAt.getTime(), staff);
      }),
    findSession: (tokenHash, terminal, now) =>
      Promise.resolve(selectSession.get(tokenHash, terminal, now.getTime())).then((row) => row && toRecord(row)),
    endSession: (tokenHash) =>
      database.write(() => void run('DELETE FROM staff_session WHERE token_hash = ?', tokenHash)),
  };
}
