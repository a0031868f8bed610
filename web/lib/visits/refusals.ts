import type { ProblemCode } from '#api/contract/problem.ts';

/**
 * Problems that say nothing against a submission: it stays in the outbox and is sent again. Every other problem is the
 * server's last word on it.
 */
const PASSING: ReadonlySet<ProblemCode> = new Set([
  'unauthenticated',
  'staff_required',
  'role_missing',
  'decryption_failed',
  'terminal_revoked',
  'terminal_unknown',
  'forbidden',
  'clock_skew',
  'internal',
  'unavailable',
  'exchange_unreachable',
  'payer_unreachable',
  'certificate_status_unknown',
  'directory_stale',
  'not_found',
]);

export const isPassing = (code: ProblemCode): boolean => PASSING.has(code);
