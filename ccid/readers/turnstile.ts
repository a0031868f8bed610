import { unlessAborted } from './unless-aborted.ts';

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
