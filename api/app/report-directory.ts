import type { DirectoryFailure } from '../directory/keep-fresh.ts';

/**
 * Reports a directory that must not be believed. One that could not be fetched or is not there yet is everyday: the status
 * shows who is away.
 */
export const reportDirectory =
  (report: (failure: unknown) => void) =>
  ({ exchange, problem }: DirectoryFailure): void => {
    const isEveryday = problem.code === 'exchange_unreachable' || problem.code === 'directory_stale';
    if (!isEveryday) report(new TypeError(`directory of ${exchange}`, { cause: problem }));
  };
