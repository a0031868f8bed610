import { CARD_ERROR_CODES, type CardErrorCode } from 'webusb-ccid';
import { PROBLEM_CODES, type ProblemCode } from '#api/contract/problem.ts';
import { CLIENT_ERROR_CODES, type ClientErrorCode } from '#lib/api/api-error.ts';
import { OFFLINE_ERROR_CODES, type OfflineErrorCode } from '#lib/offline/offline-error.ts';
import type { Catalogue } from './catalogue.ts';

export type FailureCode = ProblemCode | CardErrorCode | ClientErrorCode | OfflineErrorCode;

const isOneOf = <Code extends string>(codes: readonly Code[], value: unknown): value is Code =>
  codes.some((code) => code === value);

const isCardErrorCode = (value: unknown) => isOneOf(CARD_ERROR_CODES, value);

/**
 * The stable code of whatever was thrown or answered: a `Problem`, a `ProblemDocument`, an `ApiError`, a `CardError`.
 * `unexpected` for everything else.
 */
export function failureCode(error: unknown): FailureCode {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
  const isKnown = isOneOf(PROBLEM_CODES, code) || isCardErrorCode(code) || isOneOf(CLIENT_ERROR_CODES, code);
  return isKnown || isOneOf(OFFLINE_ERROR_CODES, code) ? code : 'unexpected';
}

/** The sentence that people read. `not_found` means something else from a card than from a server. */
export function failureSentence(t: Catalogue, error: unknown): string {
  const code = failureCode(error);
  const isCard = error instanceof Error && error.name === 'CardError';
  if (isCard && isCardErrorCode(code)) return t.cardErrors[code];
  // A server's storage can be full too.
  const isDevice = error instanceof Error && error.name === 'OfflineError';
  if (isDevice && isOneOf(OFFLINE_ERROR_CODES, code)) return t.offlineErrors[code];
  if (isOneOf(PROBLEM_CODES, code)) return t.problems[code];
  if (isCardErrorCode(code)) return t.cardErrors[code];
  return isOneOf(OFFLINE_ERROR_CODES, code) ? t.offlineErrors[code] : t.clientErrors[code];
}
