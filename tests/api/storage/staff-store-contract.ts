import { describe, expect, it } from 'vitest';
import type { StaffStore } from '#api/storage/staff.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 3, minute));
const member = {
  ...{ id: 'A', name: '山田 花子', roles: ['nurse', 'administrator'] as const },
  createdAt: at(0),
  disabledAt: null,
};
const passkey = { credentialId: 'k', staff: 'A', publicKey: Uint8Array.of(1, 2, 3), counter: 0, createdAt: at(1) };
const session = {
  ...{ tokenHash: 'h', staff: 'A', terminal: 'T', credentialId: 'k' },
  openedAt: at(2),
  expires: at(50),
};

/** What every driver of the staff store must do. */
export function describeStaffStore(name: string, open: () => StaffStore | Promise<StaffStore>): void {
  describe(`the staff store on ${name}`, () => {
    it('keeps people and what they may do', async () => {
      const store = await open();
      await store.add(member);
      await store.add({ ...member, id: 'B', name: '佐藤 一', roles: ['reception'] });
      expect(await store.find('A')).toEqual({ ...member, passkeys: 0, lastSignInAt: null });
      expect((await store.list()).map(({ id }) => id).sort()).toEqual(['A', 'B']);
      await store.change('B', { roles: ['records', 'auditor'] });
      expect((await store.find('B'))?.roles).toEqual(['records', 'auditor']);
      expect(await store.find('C')).toBeUndefined();
    });

    it('counts the administrators who can sign in', async () => {
      const store = await open();
      await store.add(member);
      expect(await store.countAdministrators()).toBe(0);
      await store.seedPasskey(passkey);
      expect(await store.countAdministrators()).toBe(1);
      await store.change('A', { disabledAt: at(3) });
      expect(await store.countAdministrators()).toBe(0);
      await store.change('A', { disabledAt: null });
      expect(await store.countAdministrators()).toBe(1);
    });

    it('lets an invitation make one passkey, in time, in the place of those before', async () => {
      const store = await open();
      await store.add(member);
      await store.seedPasskey({ ...passkey, credentialId: 'old' });
      await store.openSession({ ...session, credentialId: 'old' }, 0);
      await store.invite({ hash: 'i0', staff: 'A', expires: at(30) });
      await store.invite({ hash: 'i', staff: 'A', expires: at(30) });
      expect(await store.findInvitation('i0', at(1))).toBeUndefined();
      expect(await store.findInvitation('i', at(30))).toBeUndefined();
      expect(await store.findInvitation('i', at(1))).toEqual({ hash: 'i', staff: 'A', expires: at(30) });
      expect(await store.addPasskey({ ...passkey, createdAt: at(30) }, 'i')).toBe(false);
      expect(await store.addPasskey(passkey, 'i0')).toBe(false);
      expect(await store.addPasskey(passkey, 'i')).toBe(true);
      expect(await store.addPasskey({ ...passkey, credentialId: 'k2' }, 'i')).toBe(false);
      expect(await store.listPasskeys('A')).toEqual([passkey]);
      expect(await store.findPasskey('old')).toBeUndefined();
      expect(await store.findSession('h', 'T', at(3))).toBeUndefined();
    });

    it('uses a challenge up on the terminal it was given to', async () => {
      const store = await open();
      await store.saveChallenge({ challenge: 'c', terminal: 'T', expires: at(3) });
      expect(await store.useChallenge('c', 'U', at(1))).toBe(false);
      expect(await store.useChallenge('c', 'T', at(3))).toBe(false);
      expect(await store.useChallenge('c', 'T', at(2))).toBe(true);
      expect(await store.useChallenge('c', 'T', at(2))).toBe(false);
    });

    it('knows who is signed in on a terminal, one at a time, until it ends', async () => {
      const store = await open();
      await store.add(member);
      await store.seedPasskey(passkey);
      await store.openSession(session, 7);
      expect(await store.findSession('h', 'T', at(3))).toEqual(member);
      expect(await store.findSession('h', 'U', at(3))).toBeUndefined();
      expect(await store.findSession('h', 'T', at(50))).toBeUndefined();
      expect((await store.findPasskey('k'))?.counter).toBe(7);
      expect((await store.find('A'))?.lastSignInAt).toEqual(at(2));
      await store.openSession({ ...session, tokenHash: 'h2' }, 8);
      expect(await store.findSession('h', 'T', at(3))).toBeUndefined();
      await store.endSession('h2');
      expect(await store.findSession('h2', 'T', at(3))).toBeUndefined();
    });

    it('signs a person out who may no longer', async () => {
      const store = await open();
      await store.add(member);
      await store.seedPasskey(passkey);
      await store.invite({ hash: 'i', staff: 'A', expires: at(30) });
      await store.openSession(session, 0);
      await store.change('A', { disabledAt: at(3) });
      expect(await store.findSession('h', 'T', at(4))).toBeUndefined();
      expect(await store.findInvitation('i', at(4))).toBeUndefined();
    });
  });
}
