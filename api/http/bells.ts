import { NOBODY_ELSE, type Signals } from '../storage/signals.ts';

/**
 * Wakes whoever waits for something to happen to a key: a mailbox got mail, a queue got work; also in the other processes
 * on the same database.
 */
export interface Bells {
  /** Wakes all who wait for the key now. Nobody waiting: nothing happens, so look before you wait. */
  ring(key: string): void;
  /** Resolves true when the bell rings, false after the time or when the signal is aborted. */
  wait(key: string, ms: number, signal: AbortSignal): Promise<boolean>;
}

/** @param signals between the processes; none when one process is all */
export function createBells(signals: Signals = NOBODY_ELSE): Bells {
  const waiting = new Map<string, Set<(hasRung: boolean) => void>>();
  const wakeAll = (key: string) => {
    for (const wake of [...(waiting.get(key) ?? [])]) wake(true);
  };
  signals.subscribe((key) => (key === undefined ? [...waiting.keys()] : [key]).forEach(wakeAll));
  return {
    ring(key) {
      wakeAll(key);
      signals.announce(key);
    },
    wait: (key, ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(false);
        const waiters = waiting.get(key) ?? new Set();
        waiting.set(key, waiters);
        const end = (hasRung: boolean) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          waiters.delete(end);
          if (waiters.size === 0 && waiting.get(key) === waiters) waiting.delete(key);
          resolve(hasRung);
        };
        const abort = () => end(false);
        const timer = setTimeout(abort, ms);
        timer.unref();
        waiters.add(end);
        signal.addEventListener('abort', abort, { once: true });
      }),
  };
}
