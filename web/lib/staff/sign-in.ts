import type { StaffSession } from '#api/contract/staff.ts';
import type { Gateway } from '#lib/api/gateway.ts';
import type { Authenticator } from './authenticator.ts';
import type { RecentPeople } from './recent-people.ts';
import type { Staff } from './staff.svelte.ts';

export interface SignInParts {
  readonly gateway: Gateway;
  readonly staff: Staff;
  readonly people: RecentPeople;
}

/**
 * Signs somebody in with a passkey.
 *
 * @param credentials theirs, where they were chosen from the list; any when empty
 * @throws {PasskeyError} {Problem} {ApiError}
 */
export async function signIn(
  authenticator: Authenticator,
  credentials: readonly string[],
  { gateway, staff, people }: SignInParts,
): Promise<StaffSession> {
  const ceremony = await gateway.fetchStaffChallenge();
  const { assertion } = await authenticator.prove(ceremony, credentials);
  const session = await gateway.signStaffIn(assertion);
  people.note({ ...session.person, credentialId: assertion.id });
  staff.begin(session);
  return session;
}

/** Makes a passkey with an invitation and signs its holder in. @throws {PasskeyError} {Problem} {ApiError} */
export async function acceptInvitation(
  code: string,
  authenticator: Authenticator,
  { gateway, staff, people }: SignInParts,
): Promise<StaffSession> {
  const creation = await gateway.fetchPasskeyCreation(code);
  const attestation = await authenticator.create(creation);
  const session = await gateway.registerPasskey({ code, attestation });
  people.note({ ...session.person, credentialId: attestation.id });
  staff.begin(session);
  return session;
}
