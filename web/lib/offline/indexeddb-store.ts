import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { createId } from '#api/contract/ids.ts';
import { toOfflineError } from './offline-error.ts';
import { TABLES, type FactName, type KeptKey, type OfflineStore, type Records, type Table } from './offline-store.ts';

interface Ordered<T extends Table> {
  key: string;
  value: Records[T];
  indexes: { createdAt: [number, string] };
}

interface Schema extends DBSchema {
  outbox: Ordered<'outbox'>;
  visits: Ordered<'visits'>;
  results: Ordered<'results'>;
  vaults: Ordered<'vaults'>;
  keys: { key: string; value: KeptKey };
  facts: { key: 'id' | FactName; value: unknown };
}

/** 1: `outbox` and `visits`, sealed by the device's key. 2: letters, and copies in vaults; what was there stays. */
const VERSION = 2;

/**
 * The store in IndexedDB. Writes ask for strict durability: on disk before they resolve (Indexed Database API 3.0 §4.9).
 *
 * @param onLost the browser closed the database under us: evicted, cleared, or being deleted by another tab
 * @throws {OfflineError}
 */
export async function openIndexedDbStore(name: string, onLost: () => void = () => {}): Promise<OfflineStore> {
  const database = await translated(() =>
    openDB<Schema>(name, VERSION, {
      upgrade(opened, before) {
        for (const table of before < 1 ? TABLES : (['results', 'vaults'] as const)) {
          opened.createObjectStore(table, { keyPath: 'id' }).createIndex('createdAt', ['createdAt', 'id']);
        }
        if (before >= 1) return;
        opened.createObjectStore('keys');
        opened.createObjectStore('facts');
      },
      // A newer version of the app in another tab wants to upgrade: step aside, it reloads us.
      blocking: () => void database.close(),
      terminated: onLost,
    }),
  );
  const facts = await translated(() => readFacts(database));
  return createStore(database, facts);
}

type Facts = Map<'id' | FactName, unknown>;

/** Reads what the device knows. Every start but the first only reads: to write asks the disk. */
async function readFacts(database: IDBPDatabase<Schema>): Promise<Facts> {
  const { store } = database.transaction('facts', 'readonly');
  const facts = await readAllFacts(store);
  return facts.has('id') ? facts : makeId(database);
}

/** Gives the store its id, in one transaction, so that two tabs agree. */
async function makeId(database: IDBPDatabase<Schema>): Promise<Facts> {
  const transaction = database.transaction('facts', 'readwrite', { durability: 'strict' });
  const facts = await readAllFacts(transaction.store);
  if (!facts.has('id')) {
    facts.set('id', createId());
    await transaction.store.put(facts.get('id'), 'id');
  }
  await transaction.done;
  return facts;
}

async function readAllFacts(store: {
  getAllKeys(): Promise<('id' | FactName)[]>;
  getAll(): Promise<unknown[]>;
}): Promise<Facts> {
  const [names, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
  return new Map(names.map((name, at) => [name, values[at]]));
}

function createStore(database: IDBPDatabase<Schema>, facts: Facts): OfflineStore {
  return {
    id: String(facts.get('id')),
    readAll: <T extends Table>(table: T) =>
      // The library types each store; that a variable names one of them is for us to say.
      translated(() => database.getAllFromIndex(table, 'createdAt') as Promise<Records[T][]>),
    write: (changes) =>
      translated(async () => {
        const transaction = database.transaction(TABLES, 'readwrite', { durability: 'strict' });
        const requests = changes.map((change) =>
          change.kind === 'put'
            ? transaction.objectStore<Table>(change.table).put(change.record)
            : transaction.objectStore(change.table).delete(change.id),
        );
        // The transaction knows why it failed; its requests only know that it did.
        await Promise.allSettled(requests);
        await transaction.done;
      }),
    readKey: (name) => translated(() => database.get('keys', name)),
    addKey: (name, key) =>
      translated(async () => {
        const transaction = database.transaction('keys', 'readwrite', { durability: 'strict' });
        const kept = (await transaction.store.get(name)) ?? key;
        await transaction.store.put(kept, name);
        await transaction.done;
        return kept;
      }),
    removeKey: (name) => translated(() => database.delete('keys', name)),
    readFact: (name) => facts.get(name),
    writeFact(name, value) {
      facts.set(name, value);
      return translated(async () => {
        const transaction = database.transaction('facts', 'readwrite', { durability: 'strict' });
        await transaction.store.put(value, name);
        await transaction.done;
      });
    },
    close: () => database.close(),
  };
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw toOfflineError(cause);
  }
}
