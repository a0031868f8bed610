import { createId } from '#api/contract/ids.ts';
import {
  type FactName,
  type KeptKey,
  type KeyName,
  type OfflineStore,
  type Records,
  type Table,
} from './offline-store.ts';

type Tables = { readonly [T in Table]: Map<string, Records[T]> };

/**
 * A store that lasts as long as the object: for tests, and for browsers that refuse storage, which then keep nothing and
 * say so.
 */
export function createMemoryStore(): OfflineStore {
  const tables: Tables = { outbox: new Map(), visits: new Map(), results: new Map(), vaults: new Map() };
  const keys = new Map<KeyName, KeptKey>();
  const facts = new Map<FactName, unknown>();
  return {
    id: createId(),
    readAll: <T extends Table>(table: T) =>
      Promise.resolve([...tables[table].values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))),
    write(changes) {
      for (const change of changes) {
        if (change.kind === 'remove') tables[change.table].delete(change.id);
        else (tables[change.table] as Map<string, typeof change.record>).set(change.record.id, change.record);
      }
      return Promise.resolve();
    },
    readKey: (name) => Promise.resolve(keys.get(name)),
    addKey(name, key) {
      const kept = keys.get(name) ?? key;
      keys.set(name, kept);
      return Promise.resolve(kept);
    },
    removeKey: (name) => Promise.resolve(void keys.delete(name)),
    readFact: (name) => facts.get(name),
    writeFact: (name, value) => Promise.resolve(void facts.set(name, value)),
    close() {},
  };
}
