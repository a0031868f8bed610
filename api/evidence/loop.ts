export interface LoopOptions {
  /** Longest time until sequenced leaves are looked for. */
  readonly intervalMs?: number;
  /** Shortest pause between two runs that somebody waited for, to gather more. */
  readonly groupMs?: number;
  /** Told of every integration that failed; the next one starts over from what is stored. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Runs `work` every `intervalMs`, and when woken at once or `groupMs` after the last run; never twice at a time. Timers
 * only: what `work` calls the time is its own affair.
 */
export function startLoop(
  work: () => Promise<unknown>,
  { intervalMs = 200, groupMs = 20, onFailure = () => {} }: LoopOptions,
): { readonly wake: () => void; readonly stop: () => Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let running: Promise<void> | undefined;
  let isStopped = false;
  let endedAt = -Infinity;

  const schedule = (delayMs: number) => {
    const at = performance.now() + delayMs;
    if (isStopped || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(run, delayMs);
  };
  const run = () => {
    dueAt = Infinity;
    if (running) return schedule(groupMs);
    running = work()
      .then(() => {}, onFailure)
      .finally(() => {
        running = undefined;
        endedAt = performance.now();
        schedule(intervalMs);
      });
  };

  schedule(intervalMs);
  return {
    // The first to wait after a quiet time waits for nothing; those who follow closely are gathered.
    wake: () => schedule(Math.max(0, endedAt + groupMs - performance.now())),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
