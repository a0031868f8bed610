export interface LoopOptions {
  /** Longest time until sequenced leaves are looked for. */
  readonly intervalMs?: number;
  /** Time to gather more leaves once somebody waits. */
  readonly groupMs?: number;
  /** Told of every integration that failed; the next one starts over from what is stored. */
  readonly onFailure?: (error: unknown) => void;
}

/** Runs `work` every `intervalMs`, and `groupMs` after being woken; never twice at a time. */
export function startLoop(
  work: () => Promise<unknown>,
  { intervalMs = 200, groupMs = 20, onFailure = () => {} }: LoopOptions,
): { readonly wake: () => void; readonly stop: () => Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let running: Promise<void> | undefined;
  let isStopped = false;

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
        schedule(intervalMs);
      });
  };

  schedule(intervalMs);
  return {
    wake: () => schedule(groupMs),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
