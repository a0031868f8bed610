interface Waiter {
  readonly index: number;
  resolve(): void;
}

/** Those who wait for a leaf to be integrated. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();

  /** Resolves when the tree holds more than `index` leaves; rejects with the signal's reason. */
  add(index: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiter);
        signal?.removeEventListener('abort', abort);
      };
      const abort = () => {
        leave();
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        index,
        resolve() {
          leave();
          resolve();
        },
      };
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  settle(size: number): void {
    for (const waiter of [...this.#waiting]) if (waiter.index < size) waiter.resolve();
  }
}
