/**
 * What is kept on this device: submissions not yet accepted, the copies that each person's screens show, and what opens
 * the copies.
 */
export const TABLES = ['outbox', 'visits', 'results', 'vaults'] as const;
export type Table = (typeof TABLES)[number];

/** The id and the time of creation are open, so that a record can be found, ordered and pruned. */
interface Kept {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** An encrypted record. */
export interface SealedRecord extends Kept {
  /** Whose copy it is; of nobody in particular where the device's own key sealed it. */
  readonly owner?: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** A submission in a letter that only the gateway opens (`api/contract/letter.ts`). */
export interface LetterRecord extends Kept {
  readonly letter: string;
  /** Why it still waits: a problem's code. */
  readonly problem: string | null;
}

/** Something that names nobody. */
export interface OpenRecord extends Kept {
  readonly open: unknown;
}

/** A key that something else wraps: a passkey's secret, or a passphrase through a slow function. */
export interface WrappedKey {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly content: Uint8Array<ArrayBuffer>;
}
export type VaultLock = WrappedKey &
  (
    | { readonly kind: 'passkey'; readonly credentialId: string }
    | {
        readonly kind: 'passphrase';
        readonly salt: Uint8Array<ArrayBuffer>;
        readonly passes: number;
        readonly memoryKiB: number;
      }
  );

/** What opens one person's copies on this device. */
export interface VaultRecord extends Kept {
  /** Who they are, sealed under the vault's key. */
  readonly profile: WrappedKey;
  readonly locks: readonly VaultLock[];
}

/** What each table holds. */
export interface Records {
  readonly outbox: LetterRecord | SealedRecord;
  readonly visits: SealedRecord | OpenRecord;
  readonly results: SealedRecord;
  readonly vaults: VaultRecord;
}

export type StoreChange =
  | { [T in Table]: { readonly kind: 'put'; readonly table: T; readonly record: Records[T] } }[Table]
  | { readonly kind: 'remove'; readonly table: Table; readonly id: string };

/** The names under which keys are kept. `storage` sealed everything before there were letters and vaults. */
export type KeyName = 'terminal' | 'storage';

/** What the device knows of itself and of its server. Names no patient, so it is open. */
export type FactName = 'terminal' | 'status' | 'directory' | 'trust' | 'clock';

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
  readAll<T extends Table>(table: T): Promise<readonly Records[T][]>;
  /** All of the changes or none, durable when it resolves. A put replaces the record of the same id. */
  write(changes: readonly StoreChange[]): Promise<void>;
  readKey(name: KeyName): Promise<KeptKey | undefined>;
  /** Keeps the key unless there is one of that name; answers the one that is kept from then on. */
  addKey(name: KeyName, key: KeptKey): Promise<KeptKey>;
  removeKey(name: KeyName): Promise<void>;
  /** The fact as it was when this window opened the store, or as this window wrote it since. */
  readFact(name: FactName): unknown;
  /** Durable when it resolves. */
  writeFact(name: FactName, value: unknown): Promise<void>;
  close(): void;
}
