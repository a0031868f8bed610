import { EvidenceError, type EvidenceErrorCode } from './errors.ts';

/** `not_checked`: an earlier failure left nothing to look at. `not_required`: the trust asks for none. */
export type CheckOutcome = 'passed' | 'failed' | 'not_checked' | 'not_required';

/** One answered question. `facts` are for the sentence beside it: key names, sizes, times; never personal data. */
export interface Check<Code extends string> {
  readonly code: Code;
  readonly outcome: CheckOutcome;
  readonly ok: boolean;
  readonly reason?: EvidenceErrorCode;
  readonly facts: Readonly<Record<string, string | number>>;
}

type Facts = Check<string>['facts'];

export const passed = <Code extends string>(code: Code, facts: Facts): Check<Code> => ({
  code,
  outcome: 'passed',
  ok: true,
  facts,
});

export const notRequired = <Code extends string>(code: Code, facts: Facts): Check<Code> => ({
  code,
  outcome: 'not_required',
  ok: true,
  facts,
});

/** A failed check from the refusal behind it; any other error is not a verdict and is thrown on. */
export function failed<Code extends string>(code: Code, error: unknown, facts: Facts = {}): Check<Code> {
  if (!(error instanceof EvidenceError)) throw error;
  return { code, outcome: 'failed', ok: false, reason: error.code, facts };
}

/** Every question of `codes` in order; what was not reached is `not_checked` and not ok. */
export function completeChecks<Code extends string>(
  codes: readonly Code[],
  checks: readonly Check<Code>[],
): readonly Check<Code>[] {
  return codes.map(
    (code) => checks.find((check) => check.code === code) ?? { code, outcome: 'not_checked', ok: false, facts: {} },
  );
}
