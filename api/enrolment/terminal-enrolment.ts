import { digest } from '../contract/encoding.ts';
import type { EnrolledTerminal, TerminalEnrolment } from '../contract/gateway-api.ts';
import { publicPart, thumbprint } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';
import type { TerminalStore } from '../storage/terminals.ts';
import { timingSafeEqual } from 'node:crypto';
import type { AttemptLimit } from './attempt-limit.ts';

export interface TerminalEnrolmentParts {
  readonly terminals: TerminalStore;
  /** What an administrator tells whoever sets a terminal up; without one anybody who reaches the gateway may enrol. */
  readonly code?: string;
  readonly attempts: AttemptLimit;
  readonly now: () => Date;
}

/** Enrols a terminal's public key. @throws {Problem} `terminal_code_wrong`, `unavailable` after too many wrong codes */
export async function enrolTerminal(
  { key, name, code }: TerminalEnrolment,
  parts: TerminalEnrolmentParts,
): Promise<EnrolledTerminal> {
  const now = parts.now();
  if (parts.code !== undefined) requireCode(code ?? '', parts.code, parts.attempts, now);
  const id = await thumbprint(publicPart(key));
  const terminal = await parts.terminals.enrol({ id, key, name, enrolledAt: now });
  return { terminal: terminal.id, name: terminal.name, enrolledAt: terminal.enrolledAt.toISOString() };
}

function requireCode(given: string, expected: string, attempts: AttemptLimit, now: Date): void {
  if (!attempts.mayTry(now)) throw new Problem('unavailable', 'too many wrong codes; try again in a few minutes');
  // Digests have one length, which the comparison needs.
  if (timingSafeEqual(digest(given), digest(expected))) return;
  attempts.countFailure(now);
  throw new Problem('terminal_code_wrong', 'not the code');
}
