/** Something that a page's origin left on the disk: where, and every letter of it. */
export interface KeptText {
  readonly place: string;
  readonly text: string;
}

/** Runs in the page: all of its caches, databases and storages as text, bytes read as UTF-8 among it. */
export async function readEverythingKept(): Promise<readonly KeptText[]> {
  const kept: { place: string; text: string }[] = [];
  for (const [place, storage] of [
    ['localStorage', localStorage],
    ['sessionStorage', sessionStorage],
  ] as const) {
    for (const [key, value] of Object.entries(storage))
      kept.push({ place: `${place} ${key}`, text: `${key} ${value}` });
  }

  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      const isText = !/\.(woff2?|png|svg|wasm)$/.test(pathname);
      const answer = isText ? await cache.match(request) : undefined;
      kept.push({
        place: `cache ${name} ${pathname}`,
        text: `${decodeURIComponent(request.url)} ${await answer?.text()}`,
      });
    }
  }

  const asText = (_key: string, value: unknown): unknown => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
    return value instanceof CryptoKey ? `a key, extractable: ${value.extractable}` : value;
  };
  const answered = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new TypeError('no answer'));
    });
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await answered(indexedDB.open(name));
    for (const table of database.objectStoreNames) {
      const records = await answered<unknown[]>(database.transaction(table).objectStore(table).getAll());
      kept.push({ place: `database ${name} ${table}`, text: JSON.stringify(records, asText) });
    }
    database.close();
  }
  return kept;
}
