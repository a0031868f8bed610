/** How long to wait after failures: doubling from `baseMs` up to `capMs`. */
export interface Pace {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Between servers: from a quarter second to one minute. */
export const SERVER_PACE: Pace = { baseMs: 250, capMs: 60_000 };

/**
 * The pause after the n-th failure in a row, n from 1, with half of it random: those who failed together do not all come
 * back together.
 *
 * @param random from 0 (inclusive) to 1
 */
export function delayAfter(failures: number, { baseMs, capMs }: Pace, random: () => number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}

/** Resolves after the time, or at once when the signal is aborted; never rejects, and keeps no process alive. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    timer.unref();
    signal.addEventListener('abort', end, { once: true });
  });
}
