import { timingSafeEqual } from 'node:crypto';
import { digest } from '../contract/encoding.ts';
import { createId } from '../contract/ids.ts';
import type { PasskeyCreation, RegistrationPosting } from '../contract/passkey.ts';
import { Problem } from '../contract/problem.ts';
import type { FirstStaffPosting, StaffInvitation, StaffSession } from '../contract/staff.ts';
import type { Invitation, StaffEntry } from '../storage/staff.ts';
import { checkAttestation } from './passkey-check.ts';
import { hashCode, readCode } from './one-time-code.ts';
import { inviteStaff } from './staff-roster.ts';
import type { StaffParts } from './staff-parts.ts';
import { createStaffChallenge, openStaffSession, useStaffChallenge } from './staff-sign-in.ts';

/**
 * The institution's first person, for whoever read the code off the server's console.
 *
 * @throws {Problem} `set_up_already`, `invitation_wrong`, `too_many_attempts` after too many wrong codes
 */
export async function addFirstStaff(
  { code, name, roles }: FirstStaffPosting,
  parts: StaffParts,
): Promise<StaffInvitation> {
  const expected = parts.setUpCode();
  if (expected === undefined) throw new Problem('set_up_already', 'there is an administrator, who can invite');
  await limited(parts, () => Promise.resolve(isSame(code, expected) ? true : undefined));
  const member = { id: createId(), name, roles: [...new Set([...roles, 'administrator' as const])] };
  await parts.staff.add({ ...member, createdAt: parts.now(), disabledAt: null });
  return inviteStaff(member.id, parts);
}

/** What a passkey for the invited person is made from. @throws {Problem} `invitation_wrong`, `too_many_attempts` */
export async function createRegistration(code: string, terminal: string, parts: StaffParts): Promise<PasskeyCreation> {
  const { member } = await findInvited(code, parts);
  return {
    ...(await createStaffChallenge(terminal, parts)),
    rpName: parts.institutionName,
    user: { id: member.id, name: member.name },
    exclude: (await parts.staff.listPasskeys(member.id)).map(({ credentialId }) => credentialId),
  };
}

/**
 * Keeps the invited person's new passkey in the place of any they had, and signs them in.
 *
 * @throws {Problem} `invitation_wrong`, `passkey_invalid`, `too_many_attempts`
 */
export async function registerPasskey(
  { code, attestation }: RegistrationPosting,
  terminal: string,
  parts: StaffParts,
): Promise<StaffSession> {
  const { invitation, member } = await findInvited(code, parts);
  const challenge = await useStaffChallenge(attestation.response.clientDataJSON, terminal, parts);
  const checked = await checkAttestation(attestation, { challenge, origin: parts.origin });
  const passkey = { ...checked, staff: member.id, createdAt: parts.now() };
  if (!(await parts.staff.addPasskey(passkey, invitation.hash))) throw new Problem('invitation_wrong', 'used before');
  await parts.onPasskey();
  return openStaffSession(member, { terminal, ...checked }, parts);
}

async function findInvited(
  typed: string,
  parts: StaffParts,
): Promise<{ readonly invitation: Invitation; readonly member: StaffEntry }> {
  return limited(parts, async () => {
    const code = readCode(typed);
    const invitation = code && (await parts.staff.findInvitation(hashCode(code), parts.now()));
    const member = invitation && (await parts.staff.find(invitation.staff));
    return member && !member.disabledAt ? { invitation, member } : undefined;
  });
}

/** Counts codes that open nothing, so that guessing them takes years. */
async function limited<T>({ attempts, now }: StaffParts, find: () => Promise<T | undefined>): Promise<T> {
  const found = await attempts.guess(now(), find);
  if (found !== undefined) return found;
  throw new Problem('invitation_wrong', 'not a code, used, or too old');
}

const isSame = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(readCode(given) ?? given), digest(readCode(expected) ?? expected));
