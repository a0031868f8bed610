import { STAFF_ROLES } from '../../contract/staff-person.ts';
import type { PasskeyRecord, StaffEntry, StaffRecord } from '../staff.ts';

export interface StaffRow {
  readonly id: string;
  readonly name: string;
  readonly roles: string;
  readonly created_at: number;
  readonly disabled_at: number | null;
}

export interface EntryRow extends StaffRow {
  readonly last_sign_in_at: number | null;
  readonly passkeys: number;
}

export interface PasskeyRow {
  readonly credential_id: string;
  readonly staff: string;
  readonly public_key: Uint8Array;
  readonly counter: number;
  readonly created_at: number;
}

const toDate = (at: number | null): Date | null => (at === null ? null : new Date(at));
/** A role that a newer release wrote and this one does not know gives nothing. */
const toRoles = (text: string) => STAFF_ROLES.filter((role) => text.split(' ').includes(role));

export const toRecord = (row: StaffRow): StaffRecord => ({
  id: row.id,
  name: row.name,
  roles: toRoles(row.roles),
  createdAt: new Date(row.created_at),
  disabledAt: toDate(row.disabled_at),
});
export const toEntry = (row: EntryRow): StaffEntry => ({
  ...toRecord(row),
  passkeys: row.passkeys,
  lastSignInAt: toDate(row.last_sign_in_at),
});
export const toPasskey = (row: PasskeyRow): PasskeyRecord => ({
  credentialId: row.credential_id,
  staff: row.staff,
  publicKey: new Uint8Array(row.public_key),
  counter: row.counter,
  createdAt: new Date(row.created_at),
});
