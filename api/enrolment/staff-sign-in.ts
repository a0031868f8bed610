import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { encodeBase64Url, parseBase64Url } from '../contract/encoding.ts';
import type { PasskeyAssertion, PasskeyChallenge } from '../contract/passkey.ts';
import { Problem } from '../contract/problem.ts';
import type { StaffSession } from '../contract/staff.ts';
import { hashToken } from '../http/terminal-session.ts';
import type { StaffRecord } from '../storage/staff.ts';
import { checkAssertion, rpIdOf } from './passkey-check.ts';
import type { StaffParts } from './staff-parts.ts';

const CHALLENGE_MS = 3 * 60_000;
/** A shift. What ends earlier is the screen's lock, which forgets the token. */
const SESSION_MS = 12 * 60 * 60_000;

const ClientData = z.object({ challenge: z.string() });

/** A challenge for one ceremony on one terminal. */
export async function createStaffChallenge(
  terminal: string,
  { staff, origin, now }: StaffParts,
): Promise<PasskeyChallenge> {
  const challenge = encodeBase64Url(randomBytes(32));
  const expires = new Date(now().getTime() + CHALLENGE_MS);
  await staff.saveChallenge({ challenge, terminal, expires });
  return { challenge, rpId: rpIdOf(origin), expires: expires.toISOString() };
}

/**
 * Uses up the challenge that a ceremony's client data names, and answers it.
 *
 * @throws {Problem} `passkey_invalid`: not one of this terminal's, used, or too old
 */
export async function useStaffChallenge(
  clientData: string,
  terminal: string,
  { staff, now }: StaffParts,
): Promise<string> {
  let challenge: string;
  try {
    ({ challenge } = ClientData.parse(JSON.parse(new TextDecoder().decode(parseBase64Url(clientData)))));
  } catch (cause) {
    throw new Problem('passkey_invalid', 'the client data cannot be read', { cause });
  }
  if (await staff.useChallenge(challenge, terminal, now())) return challenge;
  throw new Problem('passkey_invalid', 'the challenge is not this terminal’s, was used, or is too old');
}

/**
 * Signs a person in on a terminal.
 *
 * @throws {Problem} `passkey_unknown` (not of this institution, or its holder may no longer), `passkey_invalid`,
 *   `too_many_attempts` at this terminal
 */
export async function signStaffIn(
  assertion: PasskeyAssertion,
  terminal: string,
  parts: StaffParts,
): Promise<StaffSession> {
  const { member, credentialId, counter } = await parts
    .signInAttempts(terminal)
    .guess(parts.now(), () => recogniseStaff(assertion, terminal, parts));
  return openStaffSession(member, { terminal, credentialId, counter }, parts);
}

async function recogniseStaff(assertion: PasskeyAssertion, terminal: string, parts: StaffParts) {
  const challenge = await useStaffChallenge(assertion.response.clientDataJSON, terminal, parts);
  const passkey = await parts.staff.findPasskey(assertion.id);
  const member = passkey && (await parts.staff.find(passkey.staff));
  if (!passkey || !member || member.disabledAt) throw new Problem('passkey_unknown', 'nobody here has this passkey');
  const counter = await checkAssertion(assertion, passkey, { challenge, origin: parts.origin });
  return { member, credentialId: passkey.credentialId, counter };
}

export async function openStaffSession(
  member: StaffRecord,
  {
    terminal,
    credentialId,
    counter,
  }: { readonly terminal: string; readonly credentialId: string; readonly counter: number },
  { staff, now }: StaffParts,
): Promise<StaffSession> {
  const token = encodeBase64Url(randomBytes(32));
  const openedAt = now();
  const expires = new Date(openedAt.getTime() + SESSION_MS);
  const session = { tokenHash: hashToken(token), staff: member.id, terminal, credentialId, openedAt, expires };
  await staff.openSession(session, counter);
  const { id, name, roles } = member;
  return { token, person: { id, name, roles }, expires: expires.toISOString() };
}
