/** What is kept on this device: submissions not yet accepted, and the visits that the screens show. */
export const TABLES = ['outbox', 'visits'] as const;
export type Table = (typeof TABLES)[number];

/** An encrypted record: its id and its time of creation are open, so that it can be found, ordered and pruned. */
export interface SealedRecord {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly content: Uint8Array<ArrayBuffer>;
}

export type StoreChange =
  | { readonly kind: 'put'; readonly table: Table; readonly record: SealedRecord }
  | { readonly kind: 'remove'; readonly table: Table; readonly id: string };

/** The names under which keys are kept. */
export type KeyName = 'terminal' | 'storage';

/** A key that never leaves the browser, with the public half where there is one. */
export interface KeptKey {
  readonly key: CryptoKey;
  readonly publicJwk?: JsonWebKey;
}

/**
 * The storage of one browser profile, shared by all its tabs. Two implementations, one contract: IndexedDB, and memory.
 *
 * Every method rejects with `OfflineError`.
 */
export interface OfflineStore {
  /** Made with the store. A store that has another id than before is another store: the browser threw the first away. */
  readonly id: string;
  /** Oldest first. */
  readAll(table: Table): Promise<readonly SealedRecord[]>;
  /** All of the changes or none, durable when it resolves. A put replaces the record of the same id. */
  write(changes: readonly StoreChange[]): Promise<void>;
  readKey(name: KeyName): Promise<KeptKey | undefined>;
  /** Keeps the key unless there is one of that name; answers the one that is kept from then on. */
  addKey(name: KeyName, key: KeptKey): Promise<KeptKey>;
  close(): void;
}
