import type { DirectoryFailure } from '../directory/keep-fresh.ts';

/** Reports a directory that was refused. One that could not be fetched is everyday: the status shows who is away. */
export const reportDirectory =
  (report: (failure: unknown) => void) =>
  ({ exchange, problem }: DirectoryFailure): void => {
    if (problem.code !== 'exchange_unreachable') report(new TypeError(`directory of ${exchange}`, { cause: problem }));
  };
