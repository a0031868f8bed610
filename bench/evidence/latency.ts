/** What a load run showed. Times in milliseconds. */
export interface LoadResult {
  readonly clients: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time per call over all threads, in microseconds: what remains true on a machine that is busy. */
  readonly cpu: number;
  /** The same of the thread that answers. */
  readonly main: number;
}

/** Runs `task` from `clients` callers, each starting its next call when the last one ended, for `durationMs`. */
export async function runLoad(clients: number, durationMs: number, task: () => Promise<unknown>): Promise<LoadResult> {
  const used = process.cpuUsage();
  const usedByMain = process.threadCpuUsage();
  const begin = performance.now();
  const end = begin + durationMs;
  const times: number[] = [];
  const client = async () => {
    while (performance.now() < end) {
      const start = performance.now();
      await task();
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(used);
  const cpu = (user + system) / times.length;
  const own = process.threadCpuUsage(usedByMain);
  const main = (own.user + own.system) / times.length;
  times.sort((a, b) => a - b);
  return {
    clients,
    perSecond: times.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    cpu,
    main,
  };
}

/** Calls per second of something measured alone, one call after the other. */
export async function runAlone(durationMs: number, task: () => unknown): Promise<number> {
  const begin = performance.now();
  let calls = 0;
  while (performance.now() - begin < durationMs) {
    await task();
    calls += 1;
  }
  return (calls * 1000) / (performance.now() - begin);
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
