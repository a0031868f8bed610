import { expect, it } from 'vitest';
import { DeviceStorage } from '#lib/offline/device-storage.svelte.ts';
import { createEvictionWitness } from '#lib/offline/eviction.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import type { OfflineStore } from '#lib/offline/offline-store.ts';
import { createMemoryPreferences } from '../kept-in-memory.ts';

function openStorage(preferences = createMemoryPreferences(), store: OfflineStore = createMemoryStore()) {
  const witness = createEvictionWitness(preferences);
  return new DeviceStorage({ store, isDurable: true, witness, manager: undefined });
}

it('knows a first start from a later one', () => {
  const preferences = createMemoryPreferences();
  const store = createMemoryStore();
  const first = openStorage(preferences, store);
  expect(first.fate.kind).toBe('first');
  first.noteWaiting(0);
  expect(openStorage(preferences, store).fate.kind).toBe('same');
});

it('says how many submissions went with an evicted store, until somebody has read it', () => {
  const preferences = createMemoryPreferences();
  openStorage(preferences).noteWaiting(3);

  const store = createMemoryStore();
  const after = openStorage(preferences, store);
  expect(after.fate).toEqual({ kind: 'lost', waiting: 3 });
  // Work goes on meanwhile, and a reload must not forget the loss.
  after.noteWaiting(1);
  expect(openStorage(preferences, store).fate).toEqual({ kind: 'lost', waiting: 3 });

  after.acknowledge();
  expect(after.fate.kind).toBe('same');
  expect(openStorage(preferences, store).fate.kind).toBe('same');
});

it('says at once when the browser closes the store under it', () => {
  const storage = openStorage();
  storage.noteLost(2);
  expect(storage.fate).toEqual({ kind: 'lost', waiting: 2 });
});

it('judges nothing where nothing lasts', () => {
  const preferences = createMemoryPreferences({ 'tsunagi.kept': 'other 5' });
  const storage = new DeviceStorage({
    store: createMemoryStore(),
    isDurable: false,
    witness: createEvictionWitness(preferences),
    manager: undefined,
  });
  expect(storage.fate.kind).toBe('first');
});

it('asks the browser to keep the storage and says what it answered', async () => {
  const storage = new DeviceStorage({
    store: createMemoryStore(),
    isDurable: true,
    witness: createEvictionWitness(createMemoryPreferences()),
    manager: {
      persist: () => Promise.resolve(true),
      persisted: () => Promise.resolve(true),
      estimate: () => Promise.resolve({ usage: 10, quota: 100 }),
    },
  });
  expect(await storage.askPersistence()).toBe(true);
  await storage.refresh();
  expect(storage.isPersistent).toBe(true);
  expect(storage.use).toEqual({ usedBytes: 10, availableBytes: 100 });
});
