import { describe, expect, it } from 'vitest';
import type { IssuedChallenge, PresenceStore } from '#api/storage/presence.ts';
import { codeOf } from '../problem-code.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 3, minute));
const challenge: IssuedChallenge = {
  ...{ challenge: 'c', institution: 'sakura/1310000012', terminal: 'T' },
  ...{ purpose: 'visit', issuedAt: at(0), expires: at(2) },
};

/** What every driver of the presence store must do. `reopen` gives a store over the same data, as after a restart. */
export function describePresenceStore(
  name: string,
  open: () =>
    | { readonly store: PresenceStore; readonly reopen: () => Promise<PresenceStore> }
    | Promise<{ readonly store: PresenceStore; readonly reopen: () => Promise<PresenceStore> }>,
): void {
  describe(`the presence store on ${name}`, () => {
    it('finds a challenge as it was given out, over a restart', async () => {
      const { store, reopen } = await open();
      await store.saveChallenge(challenge);
      expect(await (await reopen()).findChallenge('c')).toEqual(challenge);
      expect(await (await reopen()).findChallenge('d')).toBeUndefined();
    });

    it('lets a proof count once, over a restart', async () => {
      const { store, reopen } = await open();
      const use = { id: 'p', challenge: null, usedAt: at(1) };
      expect(await store.isUsed('p')).toBe(false);
      await store.use(use);
      const later = await reopen();
      expect(await later.isUsed('p')).toBe(true);
      expect(await codeOf(later.use(use))).toBe('presence_replayed');
    });

    it('lets one of two that race count', async () => {
      const { store } = await open();
      const use = { id: 'p', challenge: 'c', usedAt: at(1) };
      const outcomes = await Promise.all([codeOf(store.use(use)), codeOf(store.use({ ...use, id: 'q' }))]);
      expect(outcomes).toEqual(['accepted', 'presence_replayed']);
    });

    it('lets any number of proofs count that answer no challenge', async () => {
      const { store } = await open();
      for (const id of ['p', 'q']) await store.use({ id, challenge: null, usedAt: at(1) });
      expect([await store.isUsed('p'), await store.isUsed('q')]).toEqual([true, true]);
    });

    it('lets one of those who use a proof or its challenge at once win', async () => {
      const { store } = await open();
      const uses = ['a', 'a', 'a', 'b', 'c'].map((id) => store.use({ id, challenge: 'c', usedAt: at(1) }));
      const codes = await Promise.all(uses.map(codeOf));
      expect(codes.filter((code) => code === 'accepted')).toHaveLength(1);
      expect(codes.filter((code) => code === 'presence_replayed')).toHaveLength(4);
    });
  });
}
