import type * as z from 'zod';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { OfflineError } from './offline-error.ts';
import type { OfflineStore, SealedRecord, Table } from './offline-store.ts';

const IV_SIZE_BYTES = 12;
const KEY_ALGORITHM = { name: 'AES-GCM', length: 256 } as const;

/** Encrypts what names a person before it touches the disk, and reads it back. */
export interface Sealer {
  seal(table: Table, id: string, createdAt: Date, value: unknown): Promise<SealedRecord>;
  /** @throws {OfflineError} `record_unreadable`: another key, another place, another shape, or damage */
  open<T>(table: Table, record: SealedRecord, schema: z.ZodType<T>): Promise<T>;
}

/**
 * AES-256-GCM under a key that the browser will use and never show. Table and id are authenticated, so that records
 * cannot be exchanged for one another on the disk.
 */
export function createSealer(key: CryptoKey): Sealer {
  const place = (table: Table, id: string) => encodeUtf8(`tsunagi-offline/v1 ${table} ${id}`);
  return {
    async seal(table, id, createdAt, value) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_SIZE_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: place(table, id) };
      const content = await crypto.subtle.encrypt(algorithm, key, encodeUtf8(JSON.stringify(value)));
      return { id, createdAt: createdAt.getTime(), iv, content: new Uint8Array(content) };
    },
    async open(table, record, schema) {
      try {
        const algorithm = { name: 'AES-GCM', iv: record.iv, additionalData: place(table, record.id) };
        const content = await crypto.subtle.decrypt(algorithm, key, record.content);
        return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)));
      } catch (cause) {
        throw new OfflineError('record_unreadable', `${table} ${record.id}`, { cause });
      }
    },
  };
}

/**
 * The device's own key: made when it is first needed, never extractable, and usable by whoever has the browser profile.
 * It seals what cannot wait for something better: a submission before the gateway's key is known.
 */
export async function openStorageKey(store: OfflineStore): Promise<CryptoKey> {
  const kept = await store.readKey('storage');
  if (kept) return kept.key;
  const key = await crypto.subtle.generateKey(KEY_ALGORITHM, false, ['encrypt', 'decrypt']);
  return (await store.addKey('storage', { key })).key;
}
