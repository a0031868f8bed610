import type * as z from 'zod';
import type { FactName, OfflineStore } from '#lib/offline/offline-store.ts';

/** One value that outlives the window. Nothing that names a patient is kept this way. */
export interface Kept<T> {
  /** `undefined` when there is none, or one that this version cannot read. */
  read(): T | undefined;
  keep(value: T): void;
}

/**
 * Kept in the device's own store. `localStorage` would not do: browsers write it to the disk seconds later, and a tablet
 * whose power is cut in those seconds would no longer know its server.
 */
export function createKept<T>(
  store: Pick<OfflineStore, 'readFact' | 'writeFact'>,
  name: FactName,
  schema: z.ZodType<T>,
): Kept<T> {
  return {
    read: () => schema.safeParse(store.readFact(name)).data,
    // A full device keeps what it had; the server says the same again.
    keep: (value) => void store.writeFact(name, value).catch(() => {}),
  };
}
