import { describe, expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import type { NewVisit, SealedVisit, VisitPlace, VisitStore } from '#api/storage/visits.ts';
import { codeOf } from '../problem-code.ts';

const HOSPITAL = 'sakura/1310000012';
const CLINIC = 'hoshi/2710000034';
const at = new Date('2026-11-20T03:00:00Z');

export const newVisit = (change: Partial<NewVisit> = {}): NewVisit => {
  const id = change.id ?? createId();
  const use = { id, challenge: null, usedAt: at };
  return {
    ...{ id, institution: HOSPITAL, subject: 'S', submissionId: createId(), submissionHash: `hash of ${id}`, use },
    ...change,
  };
};

export const sealAs =
  (record: string) =>
  (place: VisitPlace): SealedVisit => ({
    record: `${record} #${place.sequence} after ${place.previous}`,
    recordHash: `h(${record})`,
    salt: new Uint8Array(32).fill(1),
    commitment: new Uint8Array(32).fill(2),
  });

/** What every driver of the visit store must do. `reopen` gives a store over the same data, as after a restart. */
export function describeVisitStore(
  name: string,
  open: () =>
    | { readonly store: VisitStore; readonly reopen: () => Promise<VisitStore> }
    | Promise<{ readonly store: VisitStore; readonly reopen: () => Promise<VisitStore> }>,
): void {
  describe(`the visit store on ${name}`, () => {
    it("chains a person's records and counts an institution's", async () => {
      const { store } = await open();
      const a1 = await store.accept(newVisit({ subject: 'A' }), sealAs('a1'));
      const b1 = await store.accept(newVisit({ subject: 'B' }), sealAs('b1'));
      const a2 = await store.accept(newVisit({ subject: 'A', institution: CLINIC }), sealAs('a2'));
      const a3 = await store.accept(newVisit({ subject: 'A' }), sealAs('a3'));
      expect([a1, b1, a2, a3].map(({ record }) => record)).toEqual([
        'a1 #1 after null',
        'b1 #2 after null',
        'a2 #1 after h(a1)',
        'a3 #3 after h(a2)',
      ]);
      expect([a1, b1, a2, a3].map(({ leaf }) => leaf)).toEqual([0, 1, 2, 3]);
      expect((await store.listBySubject('A')).map(({ record }) => record)).toEqual([a1, a2, a3].map((v) => v.record));
      expect(await store.count()).toBe(4);
    });

    it('keeps the chains unbroken when visits arrive together', async () => {
      const { store } = await open();
      const names = Array.from({ length: 20 }, (_, i) => `v${i}`);
      const stored = await Promise.all(names.map((record) => store.accept(newVisit(), sealAs(record))));
      const inOrder = await store.listBySubject('S');
      expect(inOrder.map(({ record }) => record.split(' ').slice(1).join(' '))).toEqual(
        inOrder.map((_, i) => `#${i + 1} after ${i === 0 ? 'null' : `h(${inOrder[i - 1]?.record.split(' ')[0]})`}`),
      );
      expect(new Set(stored.map(({ leaf }) => leaf)).size).toBe(20);
    });

    it('gives the same submission its record again, also after a restart', async () => {
      const { store, reopen } = await open();
      const visit = newVisit();
      const first = await store.accept(visit, sealAs('one'));
      expect(await store.accept(visit, sealAs('another'))).toEqual(first);
      const later = await reopen();
      expect(await later.findBySubmission(HOSPITAL, visit.submissionId)).toEqual(first);
      expect(await later.find(visit.id)).toEqual(first);
      expect(await later.accept(visit, sealAs('another'))).toEqual(first);
      expect(await later.count()).toBe(1);
    });

    it('answers one of two that race, for both', async () => {
      const { store } = await open();
      const visit = newVisit();
      const [first, second] = await Promise.all([
        store.accept(visit, sealAs('one')),
        store.accept(visit, sealAs('two')),
      ]);
      expect(first).toEqual(second);
    });

    it('refuses other bytes under the same id, and the same proof under another', async () => {
      const { store } = await open();
      const visit = newVisit();
      await store.accept(visit, sealAs('one'));
      const changed = newVisit({ submissionId: visit.submissionId });
      expect(await codeOf(store.accept(changed, sealAs('two')))).toBe('conflict');
      const replayed = newVisit({ id: visit.id });
      expect(await codeOf(store.accept(replayed, sealAs('three')))).toBe('presence_replayed');
      expect(await store.count()).toBe(1);
    });

    it('lets two institutions use the same submission id', async () => {
      const { store } = await open();
      const visit = newVisit();
      await store.accept(visit, sealAs('one'));
      const theirs = newVisit({ submissionId: visit.submissionId, institution: CLINIC });
      expect(await codeOf(store.accept(theirs, sealAs('two')))).toBe('accepted');
    });

    it('uses a challenge up', async () => {
      const { store } = await open();
      const use = (id: string) => ({ id, challenge: 'c', usedAt: at });
      const [one, two] = [createId(), createId()];
      await store.accept(newVisit({ id: one, use: use(one) }), sealAs('one'));
      expect(await codeOf(store.accept(newVisit({ id: two, use: use(two) }), sealAs('two')))).toBe('presence_replayed');
    });

    it('opens a range of leaves', async () => {
      const { store } = await open();
      const visits = await Promise.all(['a', 'b', 'c', 'd'].map((name) => store.accept(newVisit(), sealAs(name))));
      const openings = await store.readOpenings(1, 3);
      expect([...openings.keys()].sort()).toEqual([1, 2]);
      expect(openings.get(2)).toEqual({ record: visits[2]?.record, salt: visits[2]?.salt });
      expect((await store.readOpenings(4, 9)).size).toBe(0);
    });

    it('forgets a person, gives no number again, and begins a new chain for who comes back', async () => {
      const { store, reopen } = await open();
      const kept = await store.accept(newVisit({ subject: 'B' }), sealAs('b1'));
      const gone = [newVisit({ subject: 'A' }), newVisit({ subject: 'A' })];
      for (const visit of gone) await store.accept(visit, sealAs('a'));
      expect([await store.forget('A'), await store.forget('A'), await store.forget('nobody')]).toEqual([2, 0, 0]);
      const later = await reopen();
      expect([await later.listBySubject('A'), await later.count()]).toEqual([[], 1]);
      expect([...(await later.readOpenings(0, 3)).keys()]).toEqual([kept.leaf]);
      expect(await later.find(gone[1]?.id ?? '')).toBeUndefined();
      // The newest numbers and leaves went with them; both go on behind, and the used proof stays used.
      expect(await codeOf(later.accept(gone[0] ?? newVisit(), sealAs('a')))).toBe('presence_replayed');
      const next = await later.accept(newVisit({ subject: 'A' }), sealAs('again'));
      expect([next.leaf, next.record]).toEqual([3, 'again #4 after null']);
    });

    it('stores nothing at all when the record cannot be sealed', async () => {
      const { store } = await open();
      const visit = newVisit();
      const failing = store.accept(visit, () => {
        throw new RangeError('no key');
      });
      await expect(failing).rejects.toThrow(RangeError);
      expect([await store.count(), await store.find(visit.id)]).toEqual([0, undefined]);
      const stored = await store.accept(visit, sealAs('one'));
      expect([stored.leaf, stored.record]).toEqual([0, 'one #1 after null']);
    });
  });
}
