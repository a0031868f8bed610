import { describe, expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import { DemoStaff } from '#api/contract/demo-staff.ts';
import { createSoftwarePasskey } from '#api/contract/software-passkey.ts';
import type { StaffPerson } from '#api/contract/staff-person.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { createVault, findVault } from '#lib/offline/vault.ts';
import type { Authenticator } from '#lib/staff/authenticator.ts';
import { createRecentPeople } from '#lib/staff/recent-people.ts';
import { opensByPassphrase, openWithPassphrase, signIn, type SignInParts } from '#lib/staff/sign-in.ts';
import { createSimulatedAuthenticator } from '#lib/staff/simulated-authenticator.ts';
import { Staff } from '#lib/staff/staff.svelte.ts';
import { createMemoryPreferences } from '../kept-in-memory.ts';

const ORIGIN = 'https://a.example';
const NOW = new Date('2026-11-22T03:00:00Z');
const TOKEN = 'A'.repeat(43);
const nurse: StaffPerson = { id: createId(), name: '看護 一', roles: ['nurse'] };
const PASSPHRASE = { kind: 'passphrase', text: '春は曙やうやう', slowness: { passes: 1, memoryKiB: 8 } } as const;

async function createDevice() {
  let isOnline = true;
  /** What the gateway says of the person now. */
  let roles = nurse.roles;
  const unreachable = () => Promise.reject(new ApiError('network_unreachable', 'no network'));
  const parts: SignInParts = {
    gateway: {
      fetchStaffChallenge: () =>
        isOnline
          ? Promise.resolve({ challenge: 'B'.repeat(43), rpId: 'a.example', expires: NOW.toISOString() })
          : unreachable(),
      signStaffIn: () => Promise.resolve({ token: TOKEN, person: { ...nurse, roles }, expires: NOW.toISOString() }),
      fetchPasskeyCreation: unreachable,
      registerPasskey: unreachable,
    },
    staff: new Staff({
      channel: { onmessage: null, postMessage() {}, close() {} },
      endSession: () => Promise.resolve(),
      after() {},
    }),
    people: createRecentPeople(createMemoryPreferences()),
    store: createMemoryStore(),
    hostname: 'a.example',
    now: () => NOW,
  };
  const passkey = DemoStaff.unwrap().shape.passkey.parse(await createSoftwarePasskey(nurse.id));
  const withSecret = createSimulatedAuthenticator({ passkey }, ORIGIN);
  /** As older security keys are: it proves its holder and computes nothing. */
  const withoutSecret: Authenticator = {
    ...withSecret,
    prove: async (ceremony, credentials) => ({ assertion: (await withSecret.prove(ceremony, credentials)).assertion }),
  };
  return {
    ...parts,
    parts,
    withSecret,
    withoutSecret,
    leave: () => (isOnline = false),
    change: (changed: StaffPerson['roles']) => (roles = changed),
  };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

describe('a passkey that computes no secret', () => {
  it('signs in without copies, and the passphrase opens them; what the gateway says of the person stays', async () => {
    const { parts, staff, store, withoutSecret, change } = await createDevice();
    await createVault(store, nurse, PASSPHRASE, NOW);
    change(['nurse', 'records']);
    await signIn(withoutSecret, [], parts);
    expect([staff.token, staff.key]).toEqual([TOKEN, undefined]);
    expect(await codeOf(openWithPassphrase(nurse.id, 'wrong', parts))).toBe('passphrase_wrong');
    expect(staff.key).toBeUndefined();
    await openWithPassphrase(nurse.id, PASSPHRASE.text, parts);
    expect([staff.token, staff.roles, staff.key?.extractable]).toEqual([TOKEN, ['nurse', 'records'], false]);
  });

  it('does not sign in without a network; the passphrase does, for this device alone', async () => {
    const { parts, staff, store, withoutSecret, leave } = await createDevice();
    await createVault(store, nurse, PASSPHRASE, NOW);
    leave();
    expect(await codeOf(signIn(withoutSecret, [], parts))).toBe('offline_sign_in_unknown');
    expect(opensByPassphrase((await findVault(store, nurse.id))!)).toBe(true);
    await openWithPassphrase(nurse.id, PASSPHRASE.text, parts);
    expect([staff.person, staff.isOfflineOnly, staff.key !== undefined]).toEqual([nurse, true, true]);
  });

  it('makes no vault', async () => {
    const { parts, store, withoutSecret } = await createDevice();
    await signIn(withoutSecret, [], parts);
    expect(await findVault(store, nurse.id)).toBeUndefined();
    expect(await codeOf(openWithPassphrase(nurse.id, PASSPHRASE.text, parts))).toBe('offline_sign_in_unknown');
  });
});

describe('a passkey with a secret', () => {
  it('makes a vault that it opens again, also without a network', async () => {
    const { parts, staff, store, withSecret, leave } = await createDevice();
    await signIn(withSecret, [], parts);
    expect(opensByPassphrase((await findVault(store, nurse.id))!)).toBe(false);
    staff.lock();
    leave();
    await signIn(withSecret, [], parts);
    expect([staff.person, staff.isOfflineOnly, staff.key !== undefined]).toEqual([nurse, true, true]);
  });

  it('leaves copies alone that a passphrase still opens', async () => {
    const { parts, staff, store, withSecret } = await createDevice();
    await createVault(store, nurse, PASSPHRASE, NOW);
    const before = await findVault(store, nurse.id);
    await signIn(withSecret, [], parts);
    expect(staff.key).toBeUndefined();
    expect(await findVault(store, nurse.id)).toEqual(before);
    await openWithPassphrase(nurse.id, PASSPHRASE.text, parts);
    expect(staff.key).toBeDefined();
  });
});
