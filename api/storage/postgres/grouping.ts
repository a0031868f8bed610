import type { PoolClient } from 'pg';
import { isCollision, toError } from './failures.ts';
import { inSavepoint, inTransaction, type Work } from './transactions.ts';

interface Pending {
  run(client: PoolClient): Promise<void>;
  settle(failure?: Error): void;
}

/** The most that one commit holds: what comes later waits for the next. */
const LARGEST_GROUP = 128;

/**
 * One commit for everything that arrived while the last one was being written. For writes that all need one row, like the
 * log's sequencer: one after the other they would wait for one disk write each.
 */
export function createGrouping(
  withClient: <T>(use: (client: PoolClient) => Promise<T>) => Promise<T>,
  random: () => number,
) {
  let queue: Pending[] = [];
  let flushing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    while (queue.length > 0) {
      const group = queue.slice(0, LARGEST_GROUP);
      queue = queue.slice(LARGEST_GROUP);
      try {
        await withClient((client) =>
          inTransaction(
            client,
            async () => {
              for (const pending of group) await pending.run(client);
            },
            random,
          ),
        );
        group.forEach((pending) => pending.settle());
      } catch (failure) {
        group.forEach((pending) => pending.settle(toError(failure)));
      }
    }
    flushing = undefined;
  }

  return {
    write: <T>(work: Work<T>): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        let outcome: { readonly result: T } | { readonly failure: Error } | undefined;
        queue.push({
          async run(client) {
            try {
              outcome = { result: await inSavepoint(client, work) };
            } catch (failure) {
              if (isCollision(failure)) throw failure;
              outcome = { failure: toError(failure) };
            }
          },
          settle(failure) {
            if (failure) reject(failure);
            else if (outcome && 'failure' in outcome) reject(outcome.failure);
            else if (outcome) resolve(outcome.result);
          },
        });
        flushing ??= new Promise<void>((done) => setImmediate(done)).then(flush);
      }),
    /** Resolves when nothing waits to be committed any longer. */
    settled: async (): Promise<void> => flushing,
  };
}
