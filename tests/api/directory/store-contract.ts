import { expect, it } from 'vitest';
import type { DirectoryStore } from '#api/storage/directory.ts';
import { WRITE_FAULTS, type WriteFault } from '../parties/faults.ts';

export interface DirectoryStoreUnderTest {
  readonly store: DirectoryStore;
  readonly fail: (fault: WriteFault) => void;
}

/** What every driver of the directories' store must do. */
export function testDirectoryStore(open: () => DirectoryStoreUnderTest | Promise<DirectoryStoreUnderTest>): void {
  const first = { exchange: 'east', serial: 5, directory: 'a.b.c' };

  it('keeps the newest directory of each exchange', async () => {
    const { store } = await open();
    await store.keep(first);
    await store.keep({ exchange: 'west', serial: 1, directory: 'x.y.z' });
    await store.keep({ ...first, serial: 6, directory: 'd.e.f' });
    expect([...(await store.readAll())].sort((one, other) => one.exchange.localeCompare(other.exchange))).toEqual([
      { ...first, serial: 6, directory: 'd.e.f' },
      { exchange: 'west', serial: 1, directory: 'x.y.z' },
    ]);
  });

  it('takes the same directory again', async () => {
    const { store } = await open();
    await store.keep(first);
    await store.keep(first);
    expect(await store.readAll()).toEqual([first]);
  });

  it('refuses a smaller serial, and two directories with one', async () => {
    const { store } = await open();
    await store.keep(first);
    await expect(store.keep({ ...first, serial: 4 })).rejects.toMatchObject({ code: 'directory_downgrade' });
    await expect(store.keep({ ...first, directory: 'q.r.s' })).rejects.toMatchObject({ code: 'directory_untrusted' });
    expect(await store.readAll()).toEqual([first]);
  });

  it.each(WRITE_FAULTS)('can be told again when a write was %s', async (fault) => {
    const { store, fail } = await open();
    fail(fault);
    await expect(store.keep(first)).rejects.toMatchObject({ name: 'DiskFault' });
    await store.keep(first);
    expect(await store.readAll()).toEqual([first]);
  });

  it('keeps one of two directories that say different things under one serial at once', async () => {
    const { store } = await open();
    const said = ['a.b.c', 'd.e.f', 'g.h.i'];
    const kept = await Promise.allSettled(said.map((directory) => store.keep({ ...first, directory })));
    expect(kept.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = said[kept.findIndex(({ status }) => status === 'fulfilled')];
    expect(await store.readAll()).toEqual([{ ...first, directory: winner }]);
  });
}
