import type { PreferenceStore } from '#lib/app/preferences.svelte.ts';

/** `localStorage` as tests need it. */
export function createMemoryPreferences(initial: Readonly<Record<string, string>> = {}): PreferenceStore {
  const values = new Map(Object.entries(initial));
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
  };
}
