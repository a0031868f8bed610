import type { EvictionWitness, StoreFate } from './eviction.ts';
import type { OfflineStore } from './offline-store.ts';

/** How much of the browser's allowance is used, bytes. */
export interface StorageUse {
  readonly usedBytes: number;
  readonly availableBytes: number;
}

interface Dependencies {
  readonly store: OfflineStore;
  /** False where the browser refused, and the store is memory that ends with the window. */
  readonly isDurable: boolean;
  readonly witness: EvictionWitness;
  /** `navigator.storage`, where the browser has it. */
  readonly manager: Pick<StorageManager, 'persist' | 'persisted' | 'estimate'> | undefined;
}

/** What is known of this device's storage: whether it lasts, and whether it was taken from us. */
export class DeviceStorage {
  #isPersistent = $state.raw(false);
  #use = $state.raw<StorageUse | undefined>(undefined);
  #fate = $state.raw<StoreFate>({ kind: 'first' });
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    if (dependencies.isDurable) this.#fate = dependencies.witness.judge(dependencies.store.id);
  }

  get isDurable(): boolean {
    return this.#dependencies.isDurable;
  }

  /** The browser promised not to erase it for want of space. */
  get isPersistent(): boolean {
    return this.#isPersistent;
  }

  get use(): StorageUse | undefined {
    return this.#use;
  }

  /** What became of the store; `lost` stays until somebody has read it. */
  get fate(): StoreFate {
    return this.#fate;
  }

  /** Somebody read that the storage was lost. */
  acknowledge(): void {
    this.#fate = { kind: 'same' };
    this.noteWaiting(0);
  }

  /** Writes down beside the store how many submissions wait in it. Silent while a loss is unread. */
  noteWaiting(count: number): void {
    const { witness, store, isDurable } = this.#dependencies;
    if (isDurable && this.#fate.kind !== 'lost') witness.note(store.id, count);
  }

  /** The browser closed the store under us. */
  noteLost(waiting: number): void {
    this.#fate = { kind: 'lost', waiting };
  }

  async refresh(): Promise<void> {
    const { manager } = this.#dependencies;
    if (!manager) return;
    this.#isPersistent = await manager.persisted();
    const { usage = 0, quota = 0 } = await manager.estimate();
    this.#use = { usedBytes: usage, availableBytes: quota };
  }

  /** Asks the browser not to erase the storage. Answers whether it agreed. */
  async askPersistence(): Promise<boolean> {
    const { manager } = this.#dependencies;
    if (manager) this.#isPersistent = await manager.persist();
    return this.#isPersistent;
  }
}
