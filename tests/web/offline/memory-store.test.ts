import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { describeOfflineStore } from './store-contract.ts';

describe('the store in memory', () => {
  describeOfflineStore(() => Promise.resolve(createMemoryStore()), {
    it,
    equal: (actual, expected) => expect(actual).toEqual(expected),
  });
});
