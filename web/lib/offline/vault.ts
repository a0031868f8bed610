import * as z from 'zod';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { StaffPerson } from '#api/contract/staff-person.ts';
import { OfflineError } from './offline-error.ts';
import type { OfflineStore, StoreChange, VaultLock, VaultRecord, WrappedKey } from './offline-store.ts';
import { createSealer } from './sealer.ts';
import { SLOWNESS, stretch, type Slowness } from './slow-key.ts';

/** What opens a vault: a passkey's own secret (`prf`), or a passphrase. */
export type VaultSecret =
  | { readonly kind: 'passkey'; readonly credentialId: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: 'passphrase';
      readonly text: string;
      /** For a new lock; the usual when left out. An old one says its own. */
      readonly slowness?: Slowness;
    };

export interface OpenedVault {
  readonly person: StaffPerson;
  /** Never extractable; its holder drops it at the lock. */
  readonly key: CryptoKey;
}

const KEY_SIZE_BYTES = 32;
const IV_SIZE_BYTES = 12;
const USES = ['encrypt', 'decrypt'] as const;

/**
 * One person's vault on this device: a key for their copies, wrapped by each secret that may open it. Whoever loses all
 * of them loses copies of what the gateway has, and nothing else: what waits for the gateway lies in letters.
 */
export async function findVault(store: OfflineStore, owner: string): Promise<VaultRecord | undefined> {
  return (await store.readAll('vaults')).find(({ id }) => id === owner);
}

/** Makes a vault in the place of an earlier one, whose copies go. */
export async function createVault(
  store: OfflineStore,
  person: StaffPerson,
  secret: VaultSecret,
  now: Date,
): Promise<OpenedVault> {
  const raw = crypto.getRandomValues(new Uint8Array(KEY_SIZE_BYTES));
  try {
    const record = await describe(person, raw, [await wrap(raw, secret, person.id)], now);
    await store.write([...(await removals(store, person.id)), { kind: 'put', table: 'vaults', record }]);
    return { person, key: await importKey(raw) };
  } finally {
    raw.fill(0);
  }
}

/** @throws {OfflineError} `record_unreadable`: not this secret's */
export async function openVault(vault: VaultRecord, secret: VaultSecret): Promise<OpenedVault> {
  const raw = await unwrap(vault, secret);
  try {
    const key = await importKey(raw);
    return { key, person: StaffPerson.parse(JSON.parse(new TextDecoder().decode(await open(key, vault.profile)))) };
  } catch (cause) {
    throw new OfflineError('record_unreadable', 'the vault’s profile', { cause });
  } finally {
    raw.fill(0);
  }
}

/** Lets a second secret open the vault, in the place of one of its kind. @throws {OfflineError} `record_unreadable` */
export async function addLock(
  store: OfflineStore,
  vault: VaultRecord,
  current: VaultSecret,
  next: VaultSecret,
): Promise<void> {
  const raw = await unwrap(vault, current);
  try {
    const others = vault.locks.filter((lock) => !isFor(lock, next));
    const record = { ...vault, locks: [...others, await wrap(raw, next, vault.id)] };
    await store.write([{ kind: 'put', table: 'vaults', record }]);
  } finally {
    raw.fill(0);
  }
}

/**
 * Changes the vault's key: everything is sealed anew, and secrets other than this one open nothing any longer.
 *
 * @throws {OfflineError} `record_unreadable`
 */
export async function changeKey(
  store: OfflineStore,
  vault: VaultRecord,
  secret: VaultSecret,
  now: Date,
): Promise<OpenedVault> {
  const before = createSealer((await openVault(vault, secret)).key);
  const { person } = await openVault(vault, secret);
  const raw = crypto.getRandomValues(new Uint8Array(KEY_SIZE_BYTES));
  try {
    const key = await importKey(raw);
    const after = createSealer(key);
    const changes: StoreChange[] = [];
    for (const table of ['visits', 'results'] as const) {
      for (const record of await store.readAll(table)) {
        if (!('iv' in record) || record.owner !== person.id) continue;
        const value = await before.open(table, record, z.unknown());
        const sealed = await after.seal(table, record.id, new Date(record.createdAt), value);
        changes.push({ kind: 'put', table, record: { ...sealed, owner: person.id } });
      }
    }
    const record = await describe(person, raw, [await wrap(raw, secret, person.id)], now);
    // One step: a device that dies in between has the old key and the old copies.
    await store.write([...changes, { kind: 'put', table: 'vaults', record }]);
    return { person, key };
  } finally {
    raw.fill(0);
  }
}

/** Removes the vault and its copies. What waits for the gateway stays. */
export const forgetVault = async (store: OfflineStore, owner: string): Promise<void> =>
  store.write(await removals(store, owner));

async function removals(store: OfflineStore, owner: string): Promise<readonly StoreChange[]> {
  const changes: StoreChange[] = [{ kind: 'remove', table: 'vaults', id: owner }];
  for (const table of ['visits', 'results'] as const) {
    for (const record of await store.readAll(table)) {
      if ('owner' in record && record.owner === owner) changes.push({ kind: 'remove', table, id: record.id });
    }
  }
  return changes;
}

async function describe(
  person: StaffPerson,
  raw: Uint8Array<ArrayBuffer>,
  locks: readonly VaultLock[],
  now: Date,
): Promise<VaultRecord> {
  const profile = await seal(await importKey(raw), encodeUtf8(JSON.stringify(person)));
  return { id: person.id, createdAt: now.getTime(), profile, locks };
}

const isFor = (lock: VaultLock, secret: VaultSecret): boolean =>
  lock.kind === secret.kind &&
  (lock.kind !== 'passkey' || secret.kind !== 'passkey' || lock.credentialId === secret.credentialId);

async function wrap(raw: Uint8Array<ArrayBuffer>, secret: VaultSecret, owner: string): Promise<VaultLock> {
  if (secret.kind === 'passkey') {
    const wrapped = await seal(await passkeyKey(secret.bytes, owner), raw);
    return { kind: 'passkey', credentialId: secret.credentialId, ...wrapped };
  }
  const slowness = { salt: crypto.getRandomValues(new Uint8Array(16)), ...(secret.slowness ?? SLOWNESS) };
  const wrapped = await seal(await importOwn(await stretch(secret.text, slowness)), raw);
  return { kind: 'passphrase', ...slowness, ...wrapped };
}

async function unwrap(vault: VaultRecord, secret: VaultSecret): Promise<Uint8Array<ArrayBuffer>> {
  const lock = vault.locks.find((candidate) => isFor(candidate, secret));
  if (!lock) throw new OfflineError('record_unreadable', 'the vault has no such lock');
  try {
    const key =
      secret.kind === 'passkey'
        ? await passkeyKey(secret.bytes, vault.id)
        : await importOwn(
            await stretch(secret.text, lock.kind === 'passphrase' ? lock : { salt: new Uint8Array(16), ...SLOWNESS }),
          );
    return await open(key, lock);
  } catch (cause) {
    throw new OfflineError('record_unreadable', 'the lock does not open', { cause });
  }
}

/** HKDF (RFC 5869) binds the passkey's secret to this use and this person. */
async function passkeyKey(secret: Uint8Array<ArrayBuffer>, owner: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const info = encodeUtf8(`tsunagi-vault/v1 ${owner}`);
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(algorithm, material, { name: 'AES-GCM', length: 256 }, false, USES);
}

/** Imports bytes and wipes them: they are nobody else's. */
async function importOwn(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const key = await importKey(bytes);
  bytes.fill(0);
  return key;
}

const importKey = (raw: Uint8Array<ArrayBuffer>) => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, USES);

async function seal(key: CryptoKey, plaintext: Uint8Array<ArrayBuffer>): Promise<WrappedKey> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_SIZE_BYTES));
  return { iv, content: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plaintext)) };
}

async function open(key: CryptoKey, { iv, content }: WrappedKey): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, content));
}
