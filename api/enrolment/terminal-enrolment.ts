import { timingSafeEqual } from 'node:crypto';
import { digest } from '../contract/encoding.ts';
import type { EnrolledTerminal, TerminalEnrolment } from '../contract/terminals-api.ts';
import { publicPart, thumbprint } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';
import type { Terminal, TerminalStore } from '../storage/terminals.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { hashCode, readCode } from './one-time-code.ts';

export interface TerminalEnrolmentParts {
  readonly terminals: TerminalStore;
  /** Whether anybody who reaches the gateway may enrol: in the demonstration. */
  readonly isOpen: boolean;
  /** A code that lets in any number of terminals: what the configuration names, what the first start printed. */
  readonly standingCode: () => string | undefined;
  readonly attempts: AttemptLimit;
  readonly now: () => Date;
}

/**
 * Enrols a terminal's public key.
 *
 * @throws {Problem} `terminal_code_wrong`, `terminal_revoked`, `unavailable` after too many wrong codes
 */
export async function enrolTerminal(
  { key, name, code }: TerminalEnrolment,
  parts: TerminalEnrolmentParts,
): Promise<EnrolledTerminal> {
  const enrolledAt = parts.now();
  const id = await thumbprint(publicPart(key));
  const terminal = await admit({ id, key, name, enrolledAt, revokedAt: null }, code, parts);
  if (terminal.revokedAt) throw new Problem('terminal_revoked', 'an administrator turned this terminal away');
  return {
    terminal: terminal.id,
    name: terminal.name,
    enrolledAt: terminal.enrolledAt.toISOString(),
    receives: terminal.receives,
  };
}

async function admit(
  terminal: Omit<Terminal, 'receives'>,
  code: string | undefined,
  { terminals, isOpen, standingCode, attempts }: TerminalEnrolmentParts,
): Promise<Terminal> {
  if (isOpen) return terminals.enrol({ ...terminal, receives: true });
  const admitted = await attempts.guess(terminal.enrolledAt, async () => {
    const standing = standingCode();
    if (standing !== undefined && isSame(code ?? '', standing)) return terminals.enrol({ ...terminal, receives: true });
    const given = readCode(code ?? '');
    return given === undefined ? undefined : terminals.enrolWithCode(terminal, hashCode(given));
  });
  if (admitted) return admitted;
  throw new Problem('terminal_code_wrong', 'not the code, used, or too old');
}

/** Digests have one length, which the comparison needs. */
const isSame = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(readCode(given) ?? given), digest(readCode(expected) ?? expected));
