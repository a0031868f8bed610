import { delayAfter, pause, SERVER_PACE, type Pace } from '../http/back-off.ts';
import type { Bells } from '../http/bells.ts';

/** How a loop ends, waits and fails. */
export interface LoopOptions {
  readonly signal: AbortSignal;
  readonly random: () => number;
  readonly pace?: Pace;
  /** Told of failures of our own: a defect, or the disk. The loop backs off and tries again. */
  readonly report: (failure: unknown) => void;
}

/** What a round of work found: nothing to do, all done, or something left that has to be tried again. */
export type Round = 'idle' | 'done' | 'failed';

/** Even a bell that nobody rang is no reason to look never again: another process may have stored work. */
const LONGEST_SLEEP_MS = 30_000;

/** Works in rounds until the signal is aborted: sleeps until the bell while there is nothing, backs off while it fails. */
export async function workInRounds(
  bells: Bells,
  bell: string,
  { signal, random, report, pace = SERVER_PACE }: LoopOptions,
  work: () => Promise<Round>,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const looked = new AbortController();
    const sleep = AbortSignal.any([signal, looked.signal]);
    const ring = bells.wait(bell, LONGEST_SLEEP_MS, sleep);
    const round = await work().catch((failure: unknown): Round => {
      if (!signal.aborted) report(failure);
      return 'failed';
    });
    if (round === 'idle') await ring;
    looked.abort();
    failures = round === 'failed' ? failures + 1 : 0;
    // New work does not shorten the pause: what failed is still the same.
    if (round === 'failed') await pause(delayAfter(failures, pace, random), signal);
  }
}
