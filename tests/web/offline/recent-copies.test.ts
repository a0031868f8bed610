import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createId } from '#api/contract/ids.ts';
import { Copies } from '#lib/offline/copies.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { OfflineError } from '#lib/offline/offline-error.ts';
import { COPY_DAYS, createRecentCopies } from '#lib/offline/recent-copies.ts';
import { createSealer } from '#lib/offline/sealer.ts';

const START = Date.parse('2026-11-22T03:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const Chart = z.object({ hba1c: z.number() });
const chart = { hba1c: 7.2 };
const [nurse, doctor] = [createId(), createId()];
const createKey = () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

let clock: number;
beforeEach(() => {
  clock = START;
});

function createDevice() {
  const store = createMemoryStore();
  const copies = new Copies();
  return { store, copies, recent: createRecentCopies(store, copies, () => new Date(clock)) };
}

describe('a copy of what was read', () => {
  it('is readable after the lock, by whoever can open their vault again, and says how old it is', async () => {
    const { store, copies, recent } = createDevice();
    const key = await createKey();
    copies.begin(nurse, createSealer(key));
    await recent.keep('chart x', chart);
    copies.end();
    expect(await recent.read('chart x', Chart)).toBeUndefined();
    // Neither what it says nor whose it is.
    expect(JSON.stringify(await store.readAll('results'))).not.toMatch(/hba1c|chart/);

    // A day later, and another window: nothing is known but the key.
    clock += DAY;
    const later = createRecentCopies(store, copies, () => new Date(clock));
    copies.begin(nurse, createSealer(key));
    expect(await later.read('chart x', Chart)).toEqual({ value: chart, readAt: new Date(START) });
  });

  it('is nobody else’s, not even under the same name', async () => {
    const { copies, recent } = createDevice();
    copies.begin(nurse, createSealer(await createKey()));
    await recent.keep('chart x', chart);
    copies.begin(doctor, createSealer(await createKey()));
    expect(await recent.read('chart x', Chart)).toBeUndefined();
    await recent.keep('chart x', { hba1c: 5 });
    expect((await recent.read('chart x', Chart))?.value).toEqual({ hba1c: 5 });
  });

  it('stays in memory where there is no vault, and goes at the lock', async () => {
    const { store, copies, recent } = createDevice();
    copies.begin(nurse);
    await recent.keep('chart x', chart);
    expect(await store.readAll('results')).toEqual([]);
    expect((await recent.read('chart x', Chart))?.value).toEqual(chart);
    copies.end();
    copies.begin(nurse);
    expect(await recent.read('chart x', Chart)).toBeUndefined();
  });

  it('goes after some days, and nothing old is left on the device', async () => {
    const { store, copies, recent } = createDevice();
    copies.begin(nurse, createSealer(await createKey()));
    await recent.keep('chart x', chart);
    clock += COPY_DAYS * DAY + 1;
    expect(await recent.read('chart x', Chart)).toBeUndefined();
    await recent.keep('chart y', chart);
    expect(await store.readAll('results')).toHaveLength(1);
    expect((await recent.read('chart y', Chart))?.value).toEqual(chart);
  });

  it('is not written again while nothing changed, but for its age', async () => {
    const { store, copies, recent } = createDevice();
    copies.begin(nurse, createSealer(await createKey()));
    const writtenAt = async () => (await store.readAll('results'))[0]?.createdAt;
    await recent.keep('chart x', chart);
    clock += MINUTE;
    await recent.keep('chart x', chart);
    expect(await writtenAt()).toBe(START);
    await recent.keep('chart x', { hba1c: 7.3 });
    expect(await writtenAt()).toBe(START + MINUTE);
    clock += 6 * MINUTE;
    await recent.keep('chart x', { hba1c: 7.3 });
    expect(await writtenAt()).toBe(START + 7 * MINUTE);
  });

  it('is missing, and no failure, where it cannot be kept or read', async () => {
    const { store, copies } = createDevice();
    copies.begin(nurse, createSealer(await createKey()));
    await createRecentCopies(store, copies, () => new Date(clock)).keep('chart x', { other: 'shape' });
    const full = {
      ...store,
      write: () => Promise.reject(new OfflineError('storage_full', 'no space')),
    };
    const recent = createRecentCopies(full, copies, () => new Date(clock));
    expect(await recent.read('chart x', Chart)).toBeUndefined();
    await recent.keep('chart z', chart);
    expect(await recent.read('chart z', Chart)).toBeUndefined();
  });
});
