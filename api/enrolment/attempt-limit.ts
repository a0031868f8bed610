import { Problem } from '../contract/problem.ts';
import type { AttemptAllowance, AttemptStore } from '../storage/attempts.ts';

/** Slows down guessing: a few failures in a while, then nothing until the oldest has aged. */
export interface AttemptLimit {
  /**
   * Looks at one guess. What comes back as `undefined`, or does not come back, was wrong and counts.
   *
   * @throws {Problem} `too_many_attempts` when there were too many; the guess is not looked at then
   */
  guess<T>(now: Date, look: () => Promise<T>): Promise<T>;
}

/** @param door what is guessed at: each has tries of its own */
export const createAttemptLimit = (store: AttemptStore, door: string, allowance: AttemptAllowance): AttemptLimit => ({
  async guess(now, look) {
    // Taken before looking: many guesses at once are as many guesses.
    if (!(await store.take(door, now, allowance))) {
      throw new Problem('too_many_attempts', 'too many were wrong; try again in a few minutes');
    }
    const found = await look();
    if (found !== undefined) await store.giveBack(door, now);
    return found;
  },
});
