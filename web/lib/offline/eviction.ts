import type { PreferenceStore } from '#lib/app/preferences.svelte.ts';

const KEY = 'tsunagi.kept';

/** What became of the store since the last time this browser looked. */
export type StoreFate =
  | { readonly kind: 'first' }
  | { readonly kind: 'same' }
  /** The browser threw the store away, with so many submissions in it that nobody had accepted. */
  | { readonly kind: 'lost'; readonly waiting: number };

/**
 * Notices that the browser evicted the store. The witness lives in `localStorage`, which browsers clear separately:
 * the store's id and how many submissions were waiting, nothing else.
 */
export function createEvictionWitness(storage: PreferenceStore) {
  return {
    judge(storeId: string): StoreFate {
      const [keptId, waiting] = (storage.getItem(KEY) ?? '').split(' ');
      if (!keptId) return { kind: 'first' };
      return keptId === storeId ? { kind: 'same' } : { kind: 'lost', waiting: Number(waiting) || 0 };
    },
    note(storeId: string, waiting: number): void {
      storage.setItem(KEY, `${storeId} ${waiting}`);
    },
  };
}

export type EvictionWitness = ReturnType<typeof createEvictionWitness>;
