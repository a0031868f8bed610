import type { OfflineStore, SealedRecord } from '#lib/offline/offline-store.ts';

/** What the contract needs of a test framework; a page without one brings its own three lines. */
export interface ContractRunner {
  readonly it: (name: string, work: () => Promise<void>) => void;
  readonly equal: (actual: unknown, expected: unknown) => void;
}

const record = (id: string, createdAt: number, byte = 1): SealedRecord => ({
  id,
  createdAt,
  iv: new Uint8Array(12),
  content: Uint8Array.of(byte),
});

const ids = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id);
/** The bytes of what was sealed. */
export const bytesOf = (records: readonly object[]) =>
  records.map((item) => ('content' in item && item.content instanceof Uint8Array ? [...item.content] : []));

/**
 * The contract of every `OfflineStore`. It names no test framework: the same cases run over memory in Node and over
 * IndexedDB in a browser.
 *
 * @param open a store; with the name of an earlier one the same store again
 */
export function describeOfflineStore(
  open: (name: string) => Promise<OfflineStore>,
  { it, equal }: ContractRunner,
): void {
  it('keeps records in the order of their creation', async () => {
    const store = await open('order');
    await store.write([
      { kind: 'put', table: 'outbox', record: record('b', 2) },
      { kind: 'put', table: 'outbox', record: record('a', 3) },
      { kind: 'put', table: 'outbox', record: record('c', 1) },
    ]);
    equal(ids(await store.readAll('outbox')), ['c', 'b', 'a']);
    equal(await store.readAll('visits'), []);
    store.close();
  });

  it('replaces a record of the same id and gives back its bytes', async () => {
    const store = await open('replace');
    await store.write([{ kind: 'put', table: 'visits', record: record('a', 1, 1) }]);
    await store.write([{ kind: 'put', table: 'visits', record: record('a', 1, 2) }]);
    equal(bytesOf(await store.readAll('visits')), [[2]]);
    store.close();
  });

  it('moves a record between tables in one step', async () => {
    const store = await open('move');
    await store.write([{ kind: 'put', table: 'outbox', record: record('a', 1) }]);
    await store.write([
      { kind: 'remove', table: 'outbox', id: 'a' },
      { kind: 'put', table: 'visits', record: record('a', 1) },
    ]);
    equal([ids(await store.readAll('outbox')), ids(await store.readAll('visits'))], [[], ['a']]);
    store.close();
  });

  it('removes what is not there without complaint', async () => {
    const store = await open('remove');
    await store.write([{ kind: 'remove', table: 'outbox', id: 'nobody' }]);
    equal(await store.readAll('outbox'), []);
    store.close();
  });

  it('holds letters, copies and vaults, and writes all of them in one step', async () => {
    const store = await open('tables');
    const letter = { id: 'l', createdAt: 1, letter: 'a.b.c.d.e', problem: null };
    const vault = {
      ...{ id: 'A', createdAt: 1, profile: { iv: new Uint8Array(12), content: Uint8Array.of(1) } },
      locks: [
        { kind: 'passkey' as const, credentialId: 'k', iv: new Uint8Array(12), content: Uint8Array.of(2) },
        {
          ...{ kind: 'passphrase' as const, salt: Uint8Array.of(3), passes: 2, memoryKiB: 8 },
          ...{ iv: new Uint8Array(12), content: Uint8Array.of(4) },
        },
      ],
    };
    await store.write([
      { kind: 'put', table: 'outbox', record: letter },
      { kind: 'put', table: 'vaults', record: vault },
      { kind: 'put', table: 'results', record: { ...record('A/r', 1), owner: 'A' } },
    ]);
    equal(await store.readAll('outbox'), [letter]);
    equal(
      (await store.readAll('vaults')).map(({ locks }) => locks.length),
      [2],
    );
    equal(
      (await store.readAll('results')).map(({ owner }) => owner),
      ['A'],
    );
    store.close();
  });

  it('knows a fact when it is opened again', async () => {
    const store = await open('facts');
    equal(store.readFact('status'), undefined);
    await store.writeFact('status', { role: 'gateway' });
    await store.writeFact('status', { role: 'exchange' });
    equal(store.readFact('status'), { role: 'exchange' });
    store.close();
    const again = await open('facts');
    equal([again.readFact('status'), again.readFact('terminal')], [{ role: 'exchange' }, undefined]);
    equal(again.id, store.id);
    again.close();
  });

  it('forgets a key', async () => {
    const store = await open('forget');
    await store.addKey('storage', { key: await createKey() });
    await store.removeKey('storage');
    equal(await store.readKey('storage'), undefined);
    store.close();
  });

  it('keeps the first key of a name, whoever comes second', async () => {
    const store = await open('keys');
    equal(await store.readKey('storage'), undefined);
    const first = await createKey();
    const second = await createKey();
    const answers = await Promise.all([
      store.addKey('storage', { key: first }),
      store.addKey('storage', { key: second }),
    ]);
    const kept = await store.readKey('storage');
    equal(await fingerprint(answers[1].key), await fingerprint(answers[0].key));
    equal(await fingerprint(kept!.key), await fingerprint(first));
    equal(kept!.key.extractable, false);
    store.close();
  });
}

const createKey = () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);

/** Two keys are one when they encrypt alike. */
async function fingerprint(key: CryptoKey): Promise<readonly number[]> {
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, key, new Uint8Array(16));
  return [...new Uint8Array(sealed)];
}
