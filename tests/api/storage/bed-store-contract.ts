import { beforeEach, describe, expect, it } from 'vitest';
import { createId, Subject } from '#api/contract/ids.ts';
import type { BedStore } from '#api/storage/beds.ts';

const AT = new Date('2026-11-20T03:00:00Z');
const LATER = new Date('2026-11-20T04:00:00Z');
const someone = (letter: string) => ({ visitId: createId(), subject: Subject.parse(letter.repeat(43)), at: AT });

/** What every store of beds has to do. */
export function describeBedStore(name: string, open: () => Promise<BedStore>): void {
  describe(`beds on ${name}`, () => {
    let store: BedStore;
    const [first, second] = [createId(), createId()];
    beforeEach(async () => {
      store = await open();
      await store.add({ id: second, ward: '3A', name: '302' });
      await store.add({ id: first, ward: '3A', name: '301' });
    });

    it('are listed by ward and name, empty at first', async () => {
      await store.add({ id: createId(), ward: '2B', name: '999' });
      expect((await store.list()).map(({ ward, name }) => `${ward} ${name}`)).toEqual(['2B 999', '3A 301', '3A 302']);
      expect((await store.find(first))?.occupant).toBeNull();
      expect(await store.find(createId())).toBeUndefined();
    });

    it('have one name each in a ward', async () => {
      await expect(store.add({ id: createId(), ward: '3A', name: '301' })).rejects.toMatchObject({ code: 'conflict' });
      await store.add({ id: createId(), ward: '3B', name: '301' });
    });

    it('hold one person, who lies in one bed', async () => {
      const person = someone('A');
      await store.occupy(first, person, null);
      await store.confirm(first, person.subject, LATER);
      const moved = await store.occupy(second, { ...person, at: LATER }, null);
      expect(moved?.occupant).toEqual({
        visitId: person.visitId,
        subject: person.subject,
        since: LATER,
        confirmedAt: null,
      });
      expect((await store.find(first))?.occupant).toBeNull();
    });

    it('change hands only from who was expected there', async () => {
      const [one, other] = [someone('A'), someone('B')];
      await store.occupy(first, one, null);
      await expect(store.occupy(first, other, null)).rejects.toMatchObject({ code: 'conflict' });
      await expect(store.occupy(first, null, other.subject)).rejects.toMatchObject({ code: 'conflict' });
      expect((await store.occupy(first, other, one.subject))?.occupant?.subject).toBe(other.subject);
      expect((await store.occupy(first, null, other.subject))?.occupant).toBeNull();
      expect(await store.occupy(createId(), one, null)).toBeUndefined();
    });

    it('let exactly one of two people who come at once lie down', async () => {
      const results = await Promise.allSettled([
        store.occupy(first, someone('A'), null),
        store.occupy(first, someone('B'), null),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('remember the newest time at which the person’s own card was seen', async () => {
      const [one, other] = [someone('A'), someone('B')];
      await store.occupy(first, one, null);
      await store.confirm(first, one.subject, LATER);
      await store.confirm(first, one.subject, AT);
      await store.confirm(first, other.subject, new Date('2026-11-21T00:00:00Z'));
      expect((await store.find(first))?.occupant?.confirmedAt).toEqual(LATER);
    });

    it('are taken away when they are empty', async () => {
      const one = someone('A');
      await store.occupy(first, one, null);
      await expect(store.remove(first)).rejects.toMatchObject({ code: 'conflict' });
      await store.occupy(first, null, one.subject);
      await store.remove(first);
      expect(await store.find(first)).toBeUndefined();
    });
  });
}
