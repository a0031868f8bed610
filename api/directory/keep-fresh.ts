import type { ExchangeId } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import { delayAfter, pause, SERVER_PACE, type Pace } from '../http/back-off.ts';

/** Why one exchange's directory was not taken this time; what was kept before stays. */
export interface DirectoryFailure {
  readonly exchange: ExchangeId;
  readonly problem: Problem;
}

/** Directories that can be fetched again. */
export interface DirectorySource {
  /** Fetches and verifies; resolves with what was refused or not reached. Rejects only for failures of our own. */
  refresh(signal: AbortSignal): Promise<readonly DirectoryFailure[]>;
}

export interface FreshnessOptions {
  readonly signal: AbortSignal;
  readonly random: () => number;
  readonly report: (failure: DirectoryFailure) => void;
  /** Waits; rung early when somebody heard that there are other directories. Only waits when left out. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Between refreshes that succeeded; five minutes when left out. */
  readonly everyMs?: number;
  readonly pace?: Pace;
}

const FIVE_MINUTES_MS = 300_000;

/**
 * Refreshes until the signal is aborted: at leisure while all is well, sooner after a failure. Reports a failure once, when
 * it is there a second time: servers that start together miss each other at first.
 */
export async function keepDirectoriesFresh(source: DirectorySource, options: FreshnessOptions): Promise<void> {
  const { signal, everyMs = FIVE_MINUTES_MS, pace = SERVER_PACE, sleep = pause } = options;
  let failures = 0;
  let last = '';
  let reported = '';
  while (!signal.aborted) {
    const refused = await source.refresh(signal).catch(asFailure);
    if (signal.aborted) return;
    failures = refused.length > 0 ? failures + 1 : 0;
    const summary = refused.map(({ exchange, problem }) => `${exchange} ${problem.code}`).join();
    if (summary === last && summary !== reported) {
      refused.forEach(options.report);
      reported = summary;
    }
    last = summary;
    const delay = failures > 0 ? Math.min(everyMs, delayAfter(failures, pace, options.random)) : everyMs;
    await sleep(delay, signal);
  }
}

/** A failure of our own, the disk's above all, ends no loop. */
const asFailure = (cause: unknown): readonly DirectoryFailure[] => [
  { exchange: '', problem: new Problem('internal', 'the directories could not be kept', { cause }) },
];
