import { expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import type { AccessEventStore, NewAccessEvent } from '#api/storage/access-events.ts';
import type { EvidenceStore } from '#api/storage/evidence.ts';
import { later, NOW } from '../parties/parties.ts';

const newEvent = (change: Partial<NewAccessEvent> = {}): NewAccessEvent => {
  const id = change.id ?? createId();
  return {
    ...{ id, subject: 'S', institution: 'sakura/1310000012', action: 'released', at: NOW, event: `event ${id}` },
    ...{ salt: new Uint8Array(32).fill(1), commitment: new Uint8Array(32).fill(2) },
    ...change,
  };
};
const kept = ({ commitment: _commitment, ...event }: NewAccessEvent, leaf: number) => ({ ...event, leaf });

/** What every driver of the access events at an exchange must do. */
export function testAccessEventStore(
  open: () => Promise<{ readonly store: AccessEventStore; readonly evidence: EvidenceStore }>,
): void {
  it('keeps events once, each with a leaf', async () => {
    const { store, evidence } = await open();
    const [first, second] = [newEvent(), newEvent()];
    await store.accept([first]);
    await store.accept([first, second]);
    expect(await store.listBySubject('S')).toEqual([kept(first, 0), kept(second, 1)]);
    expect(await store.listBySubject('T')).toEqual([]);
    expect(await evidence.readLeafCount()).toBe(2);
  });

  it('stores none of them when one id stands for other bytes', async () => {
    const { store, evidence } = await open();
    const known = newEvent();
    await store.accept([known]);
    const refused = store.accept([newEvent(), { ...known, event: 'another' }]);
    await expect(refused).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.listBySubject('S')).toEqual([kept(known, 0)]);
    expect(await evidence.readLeafCount()).toBe(1);
  });

  it('numbers events that come at once without gaps, the same one once', async () => {
    const { store, evidence } = await open();
    const event = newEvent();
    await Promise.all([[event], [event, newEvent()], [newEvent()]].map((events) => store.accept(events)));
    expect((await store.listBySubject('S')).map(({ leaf }) => leaf)).toEqual([0, 1, 2]);
    expect(await evidence.readLeafCount()).toBe(3);
  });

  it('knows which leaves of a range are events, until their person is forgotten', async () => {
    const { store } = await open();
    await store.accept([newEvent(), newEvent({ subject: 'T' }), newEvent(), newEvent()]);
    expect(await store.listLeaves(0, 9)).toEqual([0, 1, 2, 3]);
    expect(await store.listLeaves(1, 3)).toEqual([1, 2]);
    await store.forget('T');
    expect(await store.listLeaves(0, 3)).toEqual([0, 2]);
  });

  it('counts what was asked for without consent, since a time', async () => {
    const { store } = await open();
    expect(await store.countEmergencies(NOW)).toEqual({ count: 0, newest: null });
    const asked = [0, 5, 9].map((ms) => newEvent({ action: 'emergency_asked', at: later(ms) }));
    await store.accept([...asked, newEvent({ at: later(20) })]);
    expect(await store.countEmergencies(later(5))).toEqual({ count: 2, newest: later(9) });
  });

  it('forgets a person and leaves the leaves', async () => {
    const { store, evidence } = await open();
    const other = newEvent({ subject: 'T' });
    await store.accept([newEvent(), newEvent(), other]);
    expect(await store.forget('S')).toBe(2);
    expect(await store.forget('S')).toBe(0);
    expect(await store.listBySubject('S')).toEqual([]);
    expect(await store.listBySubject('T')).toEqual([kept(other, 2)]);
    expect(await evidence.readLeafCount()).toBe(3);
  });
}
