import { CARD_ERROR_CODES, type CardErrorCode } from 'webusb-ccid';
import { PROBLEM_CODES, type ProblemCode } from '#api/contract/problem.ts';
import { CLIENT_ERROR_CODES, type ClientErrorCode } from '#lib/api/api-error.ts';
import type { Catalogue } from './catalogue.ts';

export type FailureCode = ProblemCode | CardErrorCode | ClientErrorCode;

const isOneOf = <Code extends string>(codes: readonly Code[], value: unknown): value is Code =>
  codes.some((code) => code === value);

const isCardErrorCode = (value: unknown) => isOneOf(CARD_ERROR_CODES, value);

/**
 * The stable code of whatever was thrown or answered: a `Problem`, a `ProblemDocument`, an `ApiError`, a `CardError`.
 * `unexpected` for everything else.
 */
export function failureCode(error: unknown): FailureCode {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
  if (isOneOf(PROBLEM_CODES, code) || isCardErrorCode(code) || isOneOf(CLIENT_ERROR_CODES, code)) return code;
  return 'unexpected';
}

/** The sentence that people read. `not_found` means something else from a card than from a server. */
export function failureSentence(t: Catalogue, error: unknown): string {
  const code = failureCode(error);
  const isCard = error instanceof Error && error.name === 'CardError';
  if (isCard && isCardErrorCode(code)) return t.cardErrors[code];
  if (isOneOf(PROBLEM_CODES, code)) return t.problems[code];
  if (isCardErrorCode(code)) return t.cardErrors[code];
  return t.clientErrors[code];
}
