import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import type { OfflineStore } from '#lib/offline/offline-store.ts';
import { describeOfflineStore } from './store-contract.ts';

describe('the store in memory', () => {
  const stores = new Map<string, OfflineStore>();
  const open = (name: string) => {
    const store = stores.get(name) ?? createMemoryStore();
    stores.set(name, store);
    return Promise.resolve(store);
  };
  describeOfflineStore(open, {
    it,
    equal: (actual, expected) => expect(actual).toEqual(expected),
  });
});
