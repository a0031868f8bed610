import type { ReleaseCheckCode } from '../contract/release-checks.ts';
import { Problem } from '../contract/problem.ts';

/** What each check that was made came to: null when it held. */
export type CheckResults = Map<ReleaseCheckCode, Problem | null>;

export type Settled<T> = { readonly value: T } | { readonly problem: Problem };

/** Runs something that may refuse; a refusal becomes a value. */
export async function settle<T>(work: () => T | Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { problem: error };
  }
}

/** Runs a check and notes its result. */
export async function attempt<T>(
  results: CheckResults,
  check: ReleaseCheckCode,
  work: () => T | Promise<T>,
): Promise<Settled<T>> {
  const outcome = await settle(work);
  results.set(check, 'problem' in outcome ? outcome.problem : null);
  return outcome;
}

/** What an earlier check found; without it the later one fails for the same reason. @throws {Problem} */
export function need<T>(outcome: Settled<T>): T {
  if ('problem' in outcome) throw outcome.problem;
  return outcome.value;
}
