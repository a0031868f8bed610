import { DeviceStorage } from './device-storage.svelte.ts';
import { createEvictionWitness } from './eviction.ts';
import { openIndexedDbStore } from './indexeddb-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { OfflineError } from './offline-error.ts';
import type { OfflineStore } from './offline-store.ts';

const DATABASE = 'tsunagi';

/** This device's own storage, ready for use. */
export interface Device {
  readonly store: OfflineStore;
  readonly storage: DeviceStorage;
}

/**
 * Opens the storage of this browser. Where the browser refuses, memory takes its place, `storage.isDurable` is false,
 * and the screens say that nothing can be kept.
 *
 * @param waiting how many submissions wait, asked when the browser closes the store under us
 */
export async function openDevice(page: Window, waiting: () => number): Promise<Device> {
  const durable = await tryOpen(() => storage.noteLost(waiting()));
  const store = durable ?? createMemoryStore();
  const storage: DeviceStorage = new DeviceStorage({
    store,
    isDurable: durable !== undefined,
    witness: createEvictionWitness(page.localStorage),
    manager: 'storage' in page.navigator ? page.navigator.storage : undefined,
  });
  return { store, storage };
}

async function tryOpen(onLost: () => void): Promise<OfflineStore | undefined> {
  try {
    return await openIndexedDbStore(DATABASE, onLost);
  } catch (error) {
    if (error instanceof OfflineError) return undefined;
    throw error;
  }
}
