import type * as z from 'zod';
import { digestBase64Url } from '#api/contract/encoding.ts';
import type { Copies } from './copies.ts';
import { OfflineError } from './offline-error.ts';
import type { OfflineStore, StoreChange } from './offline-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a copy is of use: the days without a network that the app is made for. */
export const COPY_DAYS = 3;
/** The same again is written again after so long, so that a copy's age stays about right. */
const SAME_MS = 5 * 60 * 1000;

export interface RecentCopy<T> {
  readonly value: T;
  /** When the server said so. */
  readonly readAt: Date;
}

/**
 * What somebody had on their screen, for when the server cannot be asked: sealed under their own key, gone from memory at
 * the lock, and from the device after some days. Only what was looked at is kept; fetching more ahead would stand in the
 * patient's access log as if somebody had read it.
 */
export interface RecentCopies {
  /** Best effort: a device that cannot keep it shows it no worse now. */
  keep(name: string, value: unknown): Promise<void>;
  /** `undefined` where the reader has none, or none that this version can read. */
  read<T>(name: string, schema: z.ZodType<T>): Promise<RecentCopy<T> | undefined>;
}

/** Names say whose results they are, and stand open on the disk as a digest only. */
const idOf = (name: string) => digestBase64Url(name);

export function createRecentCopies(store: OfflineStore, copies: Copies, now: () => Date): RecentCopies {
  const isOld = ({ createdAt }: { readonly createdAt: number }) => createdAt < now().getTime() - COPY_DAYS * DAY_MS;
  const keyOf = (name: string) => `${copies.owner} ${copies.isDurable ? 'kept' : 'in memory'} ${name}`;
  /** What was kept last, by its digest: whoever reads the memory of a locked screen finds no content here. */
  const last = new Map<string, { readonly digest: string; readonly at: Date }>();

  async function write(name: string, value: unknown): Promise<void> {
    const at = now();
    const digest = digestBase64Url(JSON.stringify(value));
    const before = last.get(keyOf(name));
    if (before?.digest === digest && at.getTime() - before.at.getTime() < SAME_MS) return;
    const record = await copies.seal('results', idOf(name), at, value);
    last.set(keyOf(name), { digest, at });
    if (!record) return;
    const outdated = (await store.readAll('results')).filter(isOld);
    const removals = outdated.map(({ id }): StoreChange => ({ kind: 'remove', table: 'results', id }));
    await store.write([...removals, { kind: 'put', table: 'results', record }]);
  }

  async function open<T>(name: string, schema: z.ZodType<T>): Promise<RecentCopy<T> | undefined> {
    const remembered = copies.fromMemory('results', idOf(name), schema);
    const at = last.get(keyOf(name))?.at;
    if (remembered !== undefined && at) return { value: remembered, readAt: at };
    const record = (await store.readAll('results')).find(({ id }) => id === `${copies.owner}/${idOf(name)}`);
    if (!record || isOld(record)) return undefined;
    const value = await copies.open('results', record, schema);
    return value === undefined ? undefined : { value, readAt: new Date(record.createdAt) };
  }

  return {
    keep: (name, value) => orElse(undefined, write(name, value)),
    read: (name, schema) => orElse(undefined, open(name, schema)),
  };
}

async function orElse<T>(otherwise: T, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OfflineError) return otherwise;
    throw error;
  }
}
