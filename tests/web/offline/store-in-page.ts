/** Runs the store's contract over IndexedDB inside a page, and leaves what came of it in `globalThis.results`. */
import { openIndexedDbStore } from '#lib/offline/indexeddb-store.ts';
import { describeOfflineStore } from './store-contract.ts';

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
  equal(
    (await second.readAll('outbox')).map(({ content }) => [...content]),
    [[7]],
  );
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

const results: [string, string][] = [];
for (const [name, work] of cases) {
  const outcome = await work().then(
    () => 'ok',
    (error: unknown) => String(error),
  );
  results.push([name, outcome]);
}
Object.assign(globalThis, { results });
