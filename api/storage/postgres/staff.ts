import type { InstitutionId } from '../../contract/ids.ts';
import { toEntry, toPasskey, toRecord, type EntryRow, type PasskeyRow, type StaffRow } from '../rows/staff.ts';
import type { PasskeyRecord, StaffStore } from '../staff.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql, type Queries } from './statement.ts';

const BY = { by: 'institution' } as const;

export const staffSchema: PostgresSchema = {
  name: 'staff',
  tables: { staff: BY, staff_passkey: BY, staff_invitation: BY, staff_challenge: BY, staff_session: BY },
  migrations: [
    `CREATE TABLE staff (institution TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL,
       created_at BIGINT NOT NULL, disabled_at BIGINT, last_sign_in_at BIGINT, PRIMARY KEY (institution, id));
     CREATE TABLE staff_passkey (institution TEXT NOT NULL, credential_id TEXT NOT NULL, staff TEXT NOT NULL,
       public_key BYTEA NOT NULL, counter BIGINT NOT NULL, created_at BIGINT NOT NULL,
       PRIMARY KEY (institution, credential_id), FOREIGN KEY (institution, staff) REFERENCES staff (institution, id));
     CREATE INDEX staff_passkey_staff ON staff_passkey (institution, staff);
     CREATE TABLE staff_invitation (institution TEXT NOT NULL, staff TEXT NOT NULL, hash TEXT NOT NULL,
       expires BIGINT NOT NULL, PRIMARY KEY (institution, staff), UNIQUE (institution, hash),
       FOREIGN KEY (institution, staff) REFERENCES staff (institution, id));
     CREATE TABLE staff_challenge (institution TEXT NOT NULL, challenge TEXT NOT NULL, terminal TEXT NOT NULL,
       expires BIGINT NOT NULL, PRIMARY KEY (institution, challenge));
     CREATE TABLE staff_session (institution TEXT NOT NULL, token_hash TEXT NOT NULL, staff TEXT NOT NULL,
       terminal TEXT NOT NULL, expires BIGINT NOT NULL, PRIMARY KEY (institution, token_hash),
       UNIQUE (institution, terminal), FOREIGN KEY (institution, staff) REFERENCES staff (institution, id));
     CREATE INDEX staff_session_staff ON staff_session (institution, staff);`,
  ],
};

const COUNTED = `SELECT staff.*, (SELECT count(*) FROM staff_passkey AS passkey
  WHERE passkey.institution = staff.institution AND passkey.staff = staff.id) AS passkeys FROM staff
  WHERE staff.institution = $1`;
const INSERT = sql('INSERT INTO staff VALUES ($1, $2, $3, $4, $5, $6, NULL)');
const SELECT = sql<EntryRow>(`${COUNTED} AND id = $2`);
const SELECT_ALL = sql<EntryRow>(`${COUNTED} ORDER BY name, id`);
const SET_ROLES = sql('UPDATE staff SET roles = $3 WHERE institution = $1 AND id = $2');
const SET_DISABLED = sql('UPDATE staff SET disabled_at = $3 WHERE institution = $1 AND id = $2');
const END_SESSIONS = sql('DELETE FROM staff_session WHERE institution = $1 AND staff = $2');
const INVITE = sql(
  `INSERT INTO staff_invitation VALUES ($1, $2, $3, $4)
   ON CONFLICT (institution, staff) DO UPDATE SET hash = excluded.hash, expires = excluded.expires`,
);
const UNINVITE = sql('DELETE FROM staff_invitation WHERE institution = $1 AND staff = $2');
const SELECT_INVITATION = sql<{ staff: string; expires: number }>(
  'SELECT staff, expires FROM staff_invitation WHERE institution = $1 AND hash = $2 AND expires > $3',
);
const USE_INVITATION = sql(
  'DELETE FROM staff_invitation WHERE institution = $1 AND hash = $2 AND staff = $3 AND expires > $4',
);
const SELECT_PASSKEY = sql<PasskeyRow>('SELECT * FROM staff_passkey WHERE institution = $1 AND credential_id = $2');
const SELECT_PASSKEYS = sql<PasskeyRow>(
  'SELECT * FROM staff_passkey WHERE institution = $1 AND staff = $2 ORDER BY created_at',
);
const DELETE_PASSKEYS = sql('DELETE FROM staff_passkey WHERE institution = $1 AND staff = $2');
const INSERT_PASSKEY = sql(
  'INSERT INTO staff_passkey VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (institution, credential_id) DO NOTHING',
);
const SET_COUNTER = sql('UPDATE staff_passkey SET counter = $3 WHERE institution = $1 AND credential_id = $2');
const FORGET_CHALLENGES = sql('DELETE FROM staff_challenge WHERE institution = $1 AND expires < $2');
const INSERT_CHALLENGE = sql('INSERT INTO staff_challenge VALUES ($1, $2, $3, $4)');
const USE_CHALLENGE = sql(
  'DELETE FROM staff_challenge WHERE institution = $1 AND challenge = $2 AND terminal = $3 AND expires > $4',
);
const MAKE_ROOM = sql('DELETE FROM staff_session WHERE institution = $1 AND (terminal = $2 OR expires <= $3)');
const INSERT_SESSION = sql('INSERT INTO staff_session VALUES ($1, $2, $3, $4, $5)');
const NOTE_SIGN_IN = sql('UPDATE staff SET last_sign_in_at = $3 WHERE institution = $1 AND id = $2');
const SELECT_SESSION = sql<StaffRow>(
  `SELECT staff.* FROM staff_session AS session
   JOIN staff ON staff.institution = session.institution AND staff.id = session.staff
   WHERE session.institution = $1 AND token_hash = $2 AND terminal = $3 AND expires > $4 AND disabled_at IS NULL`,
);
const END_SESSION = sql('DELETE FROM staff_session WHERE institution = $1 AND token_hash = $2');

/** The staff of one institution in a database that was opened with `staffSchema`. */
export function createPostgresStaffStore(database: PostgresDatabase, institution: InstitutionId): StaffStore {
  const keep = (queries: Queries, { credentialId, staff, publicKey, counter, createdAt }: PasskeyRecord) =>
    queries.run(INSERT_PASSKEY, institution, credentialId, staff, publicKey, counter, createdAt.getTime());
  const list = async () => (await database.all(SELECT_ALL, institution)).map(toEntry);

  return {
    list,
    async add({ id, name, roles, createdAt, disabledAt }) {
      const at = disabledAt?.getTime() ?? null;
      await database.write((tx) => tx.run(INSERT, institution, id, name, roles.join(' '), createdAt.getTime(), at));
    },
    async find(id) {
      const row = await database.first(SELECT, institution, id);
      return row && toEntry(row);
    },
    change: (id, { roles, disabledAt }) =>
      database.write(async (tx) => {
        if (roles) await tx.run(SET_ROLES, institution, id, roles.join(' '));
        if (disabledAt === undefined) return;
        await tx.run(SET_DISABLED, institution, id, disabledAt?.getTime() ?? null);
        await tx.run(END_SESSIONS, institution, id);
        await tx.run(UNINVITE, institution, id);
      }),
    countAdministrators: async () =>
      (await list()).filter(
        ({ roles, disabledAt, passkeys }) => roles.includes('administrator') && !disabledAt && passkeys > 0,
      ).length,

    async invite({ hash, staff, expires }) {
      await database.write((tx) => tx.run(INVITE, institution, staff, hash, expires.getTime()));
    },
    async findInvitation(hash, now) {
      const row = await database.first(SELECT_INVITATION, institution, hash, now.getTime());
      return row && { hash, staff: row.staff, expires: new Date(row.expires) };
    },
    addPasskey: (passkey, invitationHash) =>
      database.write(async (tx) => {
        const { staff, createdAt } = passkey;
        const used = await tx.run(USE_INVITATION, institution, invitationHash, staff, createdAt.getTime());
        if (used !== 1) return false;
        await tx.run(END_SESSIONS, institution, staff);
        await tx.run(DELETE_PASSKEYS, institution, staff);
        return (await keep(tx, passkey)) === 1;
      }),
    async seedPasskey(passkey) {
      await database.write((tx) => keep(tx, passkey));
    },
    async findPasskey(credentialId) {
      const row = await database.first(SELECT_PASSKEY, institution, credentialId);
      return row && toPasskey(row);
    },
    listPasskeys: async (staff) => (await database.all(SELECT_PASSKEYS, institution, staff)).map(toPasskey),

    saveChallenge: ({ challenge, terminal, expires }) =>
      database.write(async (tx) => {
        // A day is longer than any challenge lives.
        await tx.run(FORGET_CHALLENGES, institution, expires.getTime() - 86_400_000);
        await tx.run(INSERT_CHALLENGE, institution, challenge, terminal, expires.getTime());
      }),
    useChallenge: (challenge, terminal, now) =>
      database.write(
        async (tx) => (await tx.run(USE_CHALLENGE, institution, challenge, terminal, now.getTime())) === 1,
      ),

    openSession: ({ tokenHash, staff, terminal, credentialId, openedAt, expires }, counter) =>
      database.write(async (tx) => {
        await tx.run(MAKE_ROOM, institution, terminal, openedAt.getTime());
        await tx.run(INSERT_SESSION, institution, tokenHash, staff, terminal, expires.getTime());
        await tx.run(SET_COUNTER, institution, credentialId, counter);
        await tx.run(NOTE_SIGN_IN, institution, staff, openedAt.getTime());
      }),
    async findSession(tokenHash, terminal, now) {
      const row = await database.first(SELECT_SESSION, institution, tokenHash, terminal, now.getTime());
      return row && toRecord(row);
    },
    async endSession(tokenHash) {
      await database.write((tx) => tx.run(END_SESSION, institution, tokenHash));
    },
  };
}
