import type * as z from 'zod';
import type { SealedRecord, Table } from './offline-store.ts';
import type { Sealer } from './sealer.ts';

/**
 * Whose copies can be read right now. While somebody is signed in who has a vault on this device, copies are sealed under
 * its key; while somebody is who has none, they stay in memory. At the lock both go.
 */
export class Copies {
  #holder: { readonly owner: string; readonly sealer: Sealer | undefined } | undefined;
  #memory = new Map<string, unknown>();

  /** Somebody reads from now on. @param sealer the key of their vault; none where the device keeps nothing for them */
  begin(owner: string, sealer?: Sealer): void {
    if (this.#holder?.owner !== owner || sealer) this.#memory.clear();
    this.#holder = { owner, sealer };
  }

  /** Nobody reads any longer: the key goes, and what was in memory. */
  end(): void {
    this.#holder = undefined;
    this.#memory.clear();
  }

  /** Who reads. */
  get owner(): string | undefined {
    return this.#holder?.owner;
  }

  get isOpen(): boolean {
    return this.#holder !== undefined;
  }

  /** Whether copies last on the device beyond the lock. */
  get isDurable(): boolean {
    return this.#holder?.sealer !== undefined;
  }

  /** The record to write; `undefined` where nothing may be written, and it is in memory while somebody is signed in. */
  async seal(table: Table, id: string, at: Date, value: unknown): Promise<SealedRecord | undefined> {
    if (!this.#holder) return undefined;
    const { owner, sealer } = this.#holder;
    if (!sealer) {
      this.#memory.set(`${table} ${id}`, value);
      return undefined;
    }
    return { ...(await sealer.seal(table, `${owner}/${id}`, at, value)), owner };
  }

  /** The content, where it is the reader's own. @throws {OfflineError} `record_unreadable` */
  async open<T>(table: Table, record: SealedRecord, schema: z.ZodType<T>): Promise<T | undefined> {
    if (!this.#holder?.sealer || record.owner !== this.#holder.owner) return undefined;
    return this.#holder.sealer.open(table, record, schema);
  }

  /** One that is in memory. */
  fromMemory<T>(table: Table, id: string, schema: z.ZodType<T>): T | undefined {
    return schema.safeParse(this.#memory.get(`${table} ${id}`)).data;
  }

  inMemory<T>(table: Table, schema: z.ZodType<T>): readonly T[] {
    return [...this.#memory].flatMap(([key, value]) => {
      const parsed = key.startsWith(`${table} `) ? schema.safeParse(value) : undefined;
      return parsed?.success ? [parsed.data] : [];
    });
  }
}
