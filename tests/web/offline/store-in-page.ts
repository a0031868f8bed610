/** Runs the store's contract over IndexedDB inside a page, and leaves what came of it in `globalThis.results`. */
import { openIndexedDbStore } from '#lib/offline/indexeddb-store.ts';
import { bytesOf, describeOfflineStore } from './store-contract.ts';

const cases: [string, () => Promise<void>][] = [];

function equal(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new RangeError(`got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
  }
}

const it = (name: string, work: () => Promise<void>) => void cases.push([name, work]);

describeOfflineStore((name) => openIndexedDbStore(`contract-${name}`), { it, equal });

it('is the same store when it is opened again, with all that was in it', async () => {
  const first = await openIndexedDbStore('again');
  const record = { id: 'a', createdAt: 1, iv: new Uint8Array(12), content: Uint8Array.of(7) };
  await first.write([{ kind: 'put', table: 'outbox', record }]);
  first.close();
  const second = await openIndexedDbStore('again');
  equal(second.id, first.id);
  equal(bytesOf(await second.readAll('outbox')), [[7]]);
  second.close();
});

it('gives two tabs that open it at once the same id', async () => {
  const [first, second] = await Promise.all([openIndexedDbStore('twice'), openIndexedDbStore('twice')]);
  equal(first.id, second.id);
  first.close();
  second.close();
});

it('is another store after the browser threw it away', async () => {
  const first = await openIndexedDbStore('evicted');
  first.close();
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('evicted');
    request.onsuccess = resolve;
    request.onerror = reject;
  });
  const second = await openIndexedDbStore('evicted');
  equal(second.id === first.id, false);
  second.close();
});

/** The store as its first version made it, with something in every part. */
function makeFirstVersion(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const table of ['outbox', 'visits']) {
        request.result.createObjectStore(table, { keyPath: 'id' }).createIndex('createdAt', ['createdAt', 'id']);
      }
      request.result.createObjectStore('keys');
      request.result.createObjectStore('facts');
    };
    request.onerror = () => reject(new RangeError(String(request.error)));
    request.onsuccess = async () => {
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      const transaction = request.result.transaction(['outbox', 'visits', 'keys', 'facts'], 'readwrite');
      const record = (id: string, byte: number) => ({
        ...{ id, createdAt: 1, iv: new Uint8Array(12) },
        content: Uint8Array.of(byte),
      });
      transaction.objectStore('outbox').put(record('waiting', 7));
      transaction.objectStore('visits').put(record('answered', 8));
      transaction.objectStore('keys').put({ key }, 'storage');
      transaction.objectStore('facts').put('the same store', 'id');
      transaction.oncomplete = () => resolve(request.result.close());
      transaction.onabort = () => reject(new RangeError(String(transaction.error)));
    };
  });
}

it('keeps everything that its first version held', async () => {
  await makeFirstVersion('upgraded');
  const store = await openIndexedDbStore('upgraded');
  equal(store.id, 'the same store');
  equal(bytesOf(await store.readAll('outbox')), [[7]]);
  equal(bytesOf(await store.readAll('visits')), [[8]]);
  equal((await store.readKey('storage')) !== undefined, true);
  equal(await store.readAll('vaults'), []);
  await store.write([{ kind: 'put', table: 'outbox', record: { id: 'l', createdAt: 2, letter: 'x', problem: null } }]);
  equal((await store.readAll('outbox')).length, 2);
  store.close();
});

const results: [string, string][] = [];
for (const [name, work] of cases) {
  const outcome = await work().then(
    () => 'ok',
    (error: unknown) => String(error),
  );
  results.push([name, outcome]);
}
Object.assign(globalThis, { results });
