import type * as z from 'zod';
import type { PreferenceStore } from './preferences.svelte.ts';

/** One value that outlives the window. Nothing that names a patient is kept this way. */
export interface Kept<T> {
  /** `undefined` when there is none, or one that this version cannot read. */
  read(): T | undefined;
  keep(value: T): void;
}

export function createKept<T>(store: PreferenceStore, key: string, schema: z.ZodType<T>): Kept<T> {
  return {
    read() {
      try {
        return schema.safeParse(JSON.parse(store.getItem(key) ?? 'null')).data;
      } catch {
        // Not JSON: as good as nothing kept.
        return undefined;
      }
    },
    keep: (value) => store.setItem(key, JSON.stringify(value)),
  };
}
