import { CardError } from '../errors.ts';

/**
 * The result, or sooner the caller's abort. The work itself goes on: who starts it sees to what becomes of it.
 *
 * @throws {CardError} `aborted`, and whatever the work throws
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new CardError('aborted', 'the caller gave up', { cause: signal.reason }));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
