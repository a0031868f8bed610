import { createId } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import type { StaffChange, StaffInvitation, StaffMember, StaffPosting } from '../contract/staff.ts';
import type { StaffEntry } from '../storage/staff.ts';
import { createCode, hashCode, readCode } from './one-time-code.ts';
import type { StaffParts } from './staff-parts.ts';

/** Invitations are handed over by people who meet: by tomorrow. */
const INVITATION_MS = 24 * 60 * 60_000;

/** Adds a person, with an invitation to hand to them. */
export async function addStaff({ name, roles }: StaffPosting, parts: StaffParts): Promise<StaffInvitation> {
  const id = createId();
  await parts.staff.add({ id, name, roles: [...new Set(roles)], createdAt: parts.now(), disabledAt: null });
  return inviteStaff(id, parts);
}

/** A new code for a person, who lost the first or the device that their passkey was on. @throws {Problem} `not_found` */
export async function inviteStaff(id: string, parts: StaffParts): Promise<StaffInvitation> {
  const member = await requireMember(id, parts);
  if (member.disabledAt) throw new Problem('conflict', 'the person may not sign in');
  const code = createCode();
  const expires = new Date(parts.now().getTime() + INVITATION_MS);
  await parts.staff.invite({ hash: hashCode(readCode(code) ?? ''), staff: id, expires });
  return { member: toStaffMember(member), code, expires: expires.toISOString() };
}

/**
 * Changes what a person may do. Roles count from the next request on; a disabled person is signed out at once.
 *
 * @throws {Problem} `not_found`, `last_administrator`
 */
export async function changeStaff(id: string, change: StaffChange, parts: StaffParts): Promise<StaffMember> {
  const member = await requireMember(id, parts);
  const isAdministrator = member.roles.includes('administrator') && !member.disabledAt && member.passkeys > 0;
  const staysOne = change.isDisabled !== true && (change.roles ?? member.roles).includes('administrator');
  if (isAdministrator && !staysOne && (await parts.staff.countAdministrators()) <= 1) {
    throw new Problem('last_administrator', 'nobody could invite anybody any longer');
  }
  await parts.staff.change(id, {
    ...(change.roles ? { roles: [...new Set(change.roles)] } : {}),
    ...(change.isDisabled === undefined ? {} : { disabledAt: change.isDisabled ? parts.now() : null }),
  });
  return toStaffMember(await requireMember(id, parts));
}

async function requireMember(id: string, { staff }: StaffParts): Promise<StaffEntry> {
  const member = await staff.find(id);
  if (!member) throw new Problem('not_found', 'no such person');
  return member;
}

export const toStaffMember = (entry: StaffEntry): StaffMember => ({
  id: entry.id,
  name: entry.name,
  roles: entry.roles,
  createdAt: entry.createdAt.toISOString(),
  disabledAt: entry.disabledAt?.toISOString() ?? null,
  passkeys: entry.passkeys,
  lastSignInAt: entry.lastSignInAt?.toISOString() ?? null,
});
