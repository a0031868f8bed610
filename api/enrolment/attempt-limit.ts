/** Slows down guessing: a few failures in a while, then nothing until the oldest has aged. */
export interface AttemptLimit {
  mayTry(now: Date): boolean;
  countFailure(now: Date): void;
}

export function createAttemptLimit({ failures, windowMs }: { failures: number; windowMs: number }): AttemptLimit {
  let recent: readonly number[] = [];
  const forgetOld = (now: Date) => {
    recent = recent.filter((at) => at > now.getTime() - windowMs);
  };
  return {
    mayTry(now) {
      forgetOld(now);
      return recent.length < failures;
    },
    countFailure(now) {
      recent = [...recent, now.getTime()];
    },
  };
}
