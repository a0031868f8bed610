import type { StaffSession } from '#api/contract/staff.ts';
import type { StaffPerson } from '#api/contract/staff-person.ts';
import { createId } from '#api/contract/ids.ts';
import { digestBase64Url } from '#api/contract/encoding.ts';
import { isUnreachable } from '#lib/api/api-error.ts';
import type { Gateway } from '#lib/api/gateway.ts';
import { OfflineError } from '#lib/offline/offline-error.ts';
import type { OfflineStore, VaultRecord } from '#lib/offline/offline-store.ts';
import { createVault, findVault, openVault, type VaultSecret } from '#lib/offline/vault.ts';
import type { Authenticator, PasskeyProof } from './authenticator.ts';
import { PasskeyError } from './passkey-error.ts';
import type { RecentPeople } from './recent-people.ts';
import type { Staff } from './staff.svelte.ts';

export interface SignInParts {
  readonly gateway: Pick<Gateway, 'fetchStaffChallenge' | 'signStaffIn' | 'fetchPasskeyCreation' | 'registerPasskey'>;
  readonly staff: Staff;
  readonly people: RecentPeople;
  readonly store: OfflineStore;
  /** The RP id of passkeys here. */
  readonly hostname: string;
  readonly now: () => Date;
}

/**
 * Signs somebody in with a passkey. One touch proves them to the server and opens their copies on this device; where the
 * server does not answer, it opens the copies alone.
 *
 * @param credentials theirs, where they were chosen from the list; any when empty
 * @throws {PasskeyError} {Problem} {ApiError}
 */
export async function signIn(
  authenticator: Authenticator,
  credentials: readonly string[],
  parts: SignInParts,
): Promise<void> {
  let ceremony: { readonly challenge: string; readonly rpId: string };
  try {
    ceremony = await parts.gateway.fetchStaffChallenge();
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return signInOffline(authenticator, credentials, parts);
  }
  const proof = await authenticator.prove(ceremony, credentials);
  const session = await parts.gateway.signStaffIn(proof.assertion);
  await enter(session, proof, parts);
}

/** Whether a passphrase opens these copies. */
export const opensByPassphrase = ({ locks }: VaultRecord): boolean => locks.some(({ kind }) => kind === 'passphrase');

/**
 * Opens a person's copies with their passphrase, where the passkey cannot. Nobody is signed in without a network: then
 * the passphrase signs its holder in, for this device alone.
 *
 * @throws {PasskeyError} `offline_sign_in_unknown`, `passphrase_wrong`
 */
export async function openWithPassphrase(
  owner: string,
  text: string,
  { staff, store }: Pick<SignInParts, 'staff' | 'store'>,
): Promise<void> {
  const vault = await findVault(store, owner);
  if (!vault) throw new PasskeyError('offline_sign_in_unknown', 'nothing is kept for this person here');
  try {
    const opened = await openVault(vault, { kind: 'passphrase', text });
    // What the server said of them just now is newer than what the vault says.
    if (staff.person?.id === owner) staff.useKey(opened.key);
    else staff.begin(opened);
  } catch (cause) {
    if (!(cause instanceof OfflineError)) throw cause;
    throw new PasskeyError('passphrase_wrong', 'the passphrase does not open it', { cause });
  }
}

/** Makes a passkey with an invitation and signs its holder in. @throws {PasskeyError} {Problem} {ApiError} */
export async function acceptInvitation(code: string, authenticator: Authenticator, parts: SignInParts): Promise<void> {
  const { gateway, staff, people } = parts;
  const creation = await gateway.fetchPasskeyCreation(code);
  const attestation = await authenticator.create(creation);
  const session = await gateway.registerPasskey({ code, attestation });
  people.note({ ...session.person, credentialId: attestation.id });
  staff.begin(session);
}

async function enter(session: StaffSession, proof: PasskeyProof, parts: SignInParts): Promise<void> {
  const { staff, people } = parts;
  people.note({ ...session.person, credentialId: proof.assertion.id });
  const key = await openCopies(session.person, proof, parts);
  staff.begin({ ...session, ...(key ? { key } : {}) });
}

/** The key of the person's copies, made at their first sign-in here. None where their passkey computes no secret. */
async function openCopies(
  person: StaffPerson,
  proof: PasskeyProof,
  { store, now }: SignInParts,
): Promise<CryptoKey | undefined> {
  const secret = toSecret(proof);
  if (!secret) return undefined;
  const vault = await findVault(store, person.id).catch(() => undefined);
  try {
    if (vault) return (await openVault(vault, secret)).key;
  } catch (error) {
    if (!(error instanceof OfflineError) || error.code !== 'record_unreadable') return undefined;
    // Their passphrase still opens it: they are asked for that.
    if (vault && opensByPassphrase(vault)) return undefined;
    // Another passkey made it, which is gone or elsewhere. Its copies are the gateway's too: begin anew.
  }
  // A device that cannot keep anything keeps no copies either.
  return createVault(store, person, secret, now()).then(
    ({ key }) => key,
    () => undefined,
  );
}

async function signInOffline(
  authenticator: Authenticator,
  credentials: readonly string[],
  { staff, store, people, hostname }: SignInParts,
): Promise<void> {
  // Nobody checks the signature: what counts is the secret that only the passkey computes.
  const challenge = digestBase64Url(createId());
  const known = credentials.length > 0 ? credentials : people.list().map(({ credentialId }) => credentialId);
  const proof = await authenticator.prove({ challenge, rpId: hostname }, known);
  const secret = toSecret(proof);
  for (const vault of secret ? await store.readAll('vaults') : []) {
    const opened = secret && (await openVault(vault, secret).catch(() => undefined));
    if (opened) return staff.begin(opened);
  }
  throw new PasskeyError('offline_sign_in_unknown', 'no vault on this device opens with this passkey');
}

const toSecret = ({ assertion, secret }: PasskeyProof): VaultSecret | undefined =>
  secret && { kind: 'passkey', credentialId: assertion.id, bytes: secret };
