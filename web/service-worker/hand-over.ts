const DATABASE = 'tsunagi';
const OUTBOX = 'outbox';

export interface HandOver {
  /** The letters that wait, oldest first. Whoever reads them sees an envelope. */
  readonly readLetters: () => Promise<readonly string[]>;
  /** The status of the answer. @throws where there is none */
  readonly post: (letter: string) => Promise<number>;
}

/**
 * Hands letters to the gateway while no window does. They stay in the outbox: the next window sends them again, hears the
 * same answer, and files it; the gateway knows each by its id. Rejects when the browser should try again later.
 */
export async function handOver({ readLetters, post }: HandOver): Promise<void> {
  for (const letter of await readLetters()) {
    const status = await post(letter);
    // A refusal is for a window to file and to show. Without a terminal's session only a window can go on.
    if (status === 401) return;
    if (status >= 500) throw new TypeError(`the gateway answered ${status}`);
  }
}

export async function postLetter(letter: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch('/api/letters', { method: 'POST', headers, body: JSON.stringify({ letter }) });
  return status;
}

/** Reads the app's store without ever making or changing it. */
export async function readLetters(): Promise<readonly string[]> {
  const database = await openExisting();
  if (!database) return [];
  try {
    if (!database.objectStoreNames.contains(OUTBOX)) return [];
    const records = await answered<unknown[]>(
      database.transaction(OUTBOX).objectStore(OUTBOX).index('createdAt').getAll(),
    );
    return records.flatMap((record) =>
      typeof record === 'object' && record !== null && 'letter' in record && typeof record.letter === 'string'
        ? [record.letter]
        : [],
    );
  } finally {
    database.close();
  }
}

/** `undefined` where there is none: making one here would leave the app with a store that it did not make. */
async function openExisting(): Promise<IDBDatabase | undefined> {
  const opening = indexedDB.open(DATABASE);
  opening.onupgradeneeded = () => opening.transaction?.abort();
  try {
    return await answered(opening);
  } catch {
    return undefined;
  }
}

const answered = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new TypeError('no answer'));
  });
