import { CardError } from '../errors.ts';

/** Lets one in at a time, in the order of arrival. */
export class Turnstile {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn; the returned function ends it. @throws {CardError} `aborted` */
  async enter(signal?: AbortSignal): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = before.then(() => promise);
    try {
      await unlessAborted(before, signal);
    } catch (error) {
      // Whoever comes after waits for those before only.
      resolve();
      throw error;
    }
    return resolve;
  }
}

async function unlessAborted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return turn;
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new CardError('aborted', 'the caller gave up', { cause: signal.reason }));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await Promise.race([turn, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
