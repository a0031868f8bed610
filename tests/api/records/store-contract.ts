import { expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import type { RecordStore, StoredDocument } from '#api/storage/records.ts';
import { WRITE_FAULTS, type WriteFault } from '../parties/faults.ts';
import { later, NOW } from '../parties/parties.ts';

export interface RecordStoreUnderTest {
  readonly store: RecordStore;
  readonly fail: (fault: WriteFault) => void;
}

const visitId = createId();
export const stored = (change: Partial<StoredDocument> = {}): StoredDocument => ({
  ...{ id: createId(), visitId, kind: 'laboratory', registeredAt: NOW, resources: 2, bundle: '{"value":4.0}' },
  ...change,
});

/** What every driver of the record store must do. */
export function testRecordStore(open: () => RecordStoreUnderTest | Promise<RecordStoreUnderTest>): void {
  it('gives documents back as they were, oldest first', async () => {
    const { store } = await open();
    const [second, first] = [stored({ registeredAt: later(1), bundle: '{}' }), stored()];
    await store.register(second);
    await store.register(first);
    expect(await store.readForVisits([visitId])).toEqual([first, second]);
  });

  it('stores the same bundle for the same visit once', async () => {
    const { store } = await open();
    const first = stored();
    expect(await store.register(first)).toEqual(first);
    expect(await store.register(stored({ registeredAt: later(9) }))).toEqual(first);
    await store.register(stored({ visitId: createId() }));
    await store.register(stored({ kind: 'attachment' }));
    expect(await store.readForVisits([visitId])).toHaveLength(2);
  });

  it('answers for the visits and kinds that are asked for', async () => {
    const { store } = await open();
    const other = createId();
    await store.register(stored());
    await store.register(stored({ kind: 'referral', bundle: '[1]' }));
    await store.register(stored({ visitId: other, bundle: '[2]' }));
    const kinds = async (ids: string[], ...wanted: StoredDocument['kind'][]) =>
      (await store.readForVisits(ids, wanted)).map(({ kind }) => kind);
    expect(await kinds([visitId], 'laboratory')).toEqual(['laboratory']);
    expect(await kinds([visitId, other], 'laboratory', 'referral')).toHaveLength(3);
    expect(await kinds([createId()], 'laboratory')).toEqual([]);
    expect(await store.countForVisits([visitId, other, createId()])).toEqual(
      new Map([
        [visitId, 2],
        [other, 1],
      ]),
    );
  });

  it.each(WRITE_FAULTS)('registers once by the next try when it was %s', async (fault) => {
    const { store, fail } = await open();
    fail(fault);
    await expect(store.register(stored())).rejects.toMatchObject({ name: 'DiskFault' });
    await store.register(stored());
    expect(await store.readForVisits([visitId])).toHaveLength(1);
  });

  it('stores the same bundle once when it comes many times at once', async () => {
    const { store } = await open();
    const answers = await Promise.all([1, 2, 3, 4].map(() => store.register(stored())));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await store.readForVisits([visitId])).toHaveLength(1);
  });
}
