import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import { createSigningJwk, publicPart } from '#api/contract/jose.ts';
import type { TerminalStore } from '#api/storage/terminals.ts';
import { describe, expect, it } from 'vitest';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 3, minute));
const key = EcPublicJwk.parse(publicPart(await createSigningJwk()));
const terminal = { id: 'T', key, name: 'Reception', enrolledAt: at(0), receives: false, revokedAt: null };
const session = { tokenHash: 'h', terminal: 'T', assertion: 'a', openedAt: at(1), expires: at(10) };

/** What every driver of the terminal store must do. */
export function describeTerminalStore(name: string, open: () => TerminalStore | Promise<TerminalStore>): void {
  describe(`the terminal store on ${name}`, () => {
    it('keeps the first enrolment and the newest name', async () => {
      const store = await open();
      expect(await store.enrol(terminal)).toEqual(terminal);
      const again = { ...terminal, name: 'Ward 3', enrolledAt: at(5) };
      expect(await store.enrol(again)).toEqual({ ...terminal, name: 'Ward 3' });
      expect(await store.find('T')).toEqual({ ...terminal, name: 'Ward 3' });
      expect(await store.find('U')).toBeUndefined();
    });

    it('lets one terminal in with a code, once and in time', async () => {
      const store = await open();
      await store.saveCode({ hash: 'c', receives: true, expires: at(15) });
      const { receives: _, ...stranger } = terminal;
      expect(await store.enrolWithCode(stranger, 'd')).toBeUndefined();
      expect(await store.enrolWithCode({ ...stranger, enrolledAt: at(15) }, 'c')).toBeUndefined();
      await store.saveCode({ hash: 'e', receives: true, expires: at(15) });
      expect(await store.enrolWithCode(stranger, 'e')).toEqual({ ...terminal, receives: true });
      expect(await store.enrolWithCode({ ...stranger, id: 'U' }, 'e')).toBeUndefined();
      expect(await store.list()).toEqual([{ ...terminal, receives: true }]);
    });

    it('turns a terminal away for good', async () => {
      const store = await open();
      await store.enrol(terminal);
      await store.openSession(session);
      expect(await store.revoke('T', at(3))).toEqual({ ...terminal, revokedAt: at(3) });
      expect(await store.findSession('h', at(4))).toBeUndefined();
      expect(await store.enrol(terminal)).toEqual({ ...terminal, revokedAt: at(3) });
      expect(await store.revoke('U', at(3))).toBeUndefined();
    });

    it('knows a session until it ends', async () => {
      const store = await open();
      await store.enrol(terminal);
      expect(await store.openSession(session)).toBe(true);
      expect(await store.findSession('h', at(9))).toEqual(terminal);
      expect(await store.findSession('h', at(10))).toBeUndefined();
      expect(await store.findSession('other', at(2))).toBeUndefined();
    });

    it('opens one session for an assertion', async () => {
      const store = await open();
      await store.enrol(terminal);
      await store.openSession(session);
      expect(await store.openSession({ ...session, tokenHash: 'h2' })).toBe(false);
      expect(await store.findSession('h2', at(2))).toBeUndefined();
    });

    it('forgets sessions that have ended', async () => {
      const store = await open();
      await store.enrol(terminal);
      await store.openSession(session);
      await store.openSession({ ...session, tokenHash: 'h2', assertion: 'b', openedAt: at(11), expires: at(20) });
      expect(await store.findSession('h', at(2))).toBeUndefined();
    });

    it('opens one session when an assertion comes many times at once', async () => {
      const store = await open();
      await store.enrol(terminal);
      const tokens = ['h1', 'h2', 'h3', 'h4'];
      const opened = await Promise.all(tokens.map((tokenHash) => store.openSession({ ...session, tokenHash })));
      expect(opened.filter(Boolean)).toHaveLength(1);
      const found = await Promise.all(tokens.map((tokenHash) => store.findSession(tokenHash, at(2))));
      expect(found.filter(Boolean)).toHaveLength(1);
    });
  });
}
