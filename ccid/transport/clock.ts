/** Time as a dependency: tests pass a clock that they turn by hand. */
export interface Clock {
  /** Calls back once after `delayMs`; the returned function takes the call back. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, or as soon as `signal` is aborted. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const takeBack = clock.after(delayMs, finish);
    signal?.addEventListener('abort', finish, { once: true });
    function finish(): void {
      takeBack();
      signal?.removeEventListener('abort', finish);
      resolve();
    }
  });
}
