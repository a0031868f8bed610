import { createId } from '#api/contract/ids.ts';
import {
  TABLES,
  type KeptKey,
  type KeyName,
  type OfflineStore,
  type SealedRecord,
  type Table,
} from './offline-store.ts';

/**
 * A store that lasts as long as the object: for tests, and for browsers that refuse storage, which then keep nothing and
 * say so.
 */
export function createMemoryStore(): OfflineStore {
  const tables = new Map<Table, Map<string, SealedRecord>>(TABLES.map((table) => [table, new Map()]));
  const keys = new Map<KeyName, KeptKey>();
  const recordsOf = (table: Table) => tables.get(table) ?? new Map<string, SealedRecord>();
  return {
    id: createId(),
    readAll: (table) =>
      Promise.resolve(
        [...recordsOf(table).values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)),
      ),
    write(changes) {
      for (const change of changes) {
        if (change.kind === 'put') recordsOf(change.table).set(change.record.id, change.record);
        else recordsOf(change.table).delete(change.id);
      }
      return Promise.resolve();
    },
    readKey: (name) => Promise.resolve(keys.get(name)),
    addKey(name, key) {
      const kept = keys.get(name) ?? key;
      keys.set(name, kept);
      return Promise.resolve(kept);
    },
    close() {},
  };
}
