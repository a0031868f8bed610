import { randomBytes } from 'node:crypto';
import { encodeBase64Url } from '../contract/encoding.ts';
import { SessionClaims } from '../contract/terminals-api.ts';
import { JoseError, readClaims, verifyClaims } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';
import { REQUEST_SKEW_SECONDS } from '../contract/signed-request.ts';
import { hashToken } from '../http/terminal-session.ts';
import type { Terminal, TerminalStore } from '../storage/terminals.ts';

const SESSION_MS = 12 * 60 * 60 * 1000;

export interface OpenedSession {
  /** For the cookie; only its hash is stored. */
  readonly token: string;
  readonly expires: Date;
}

/**
 * Opens a session for the terminal whose key signed the assertion (JWS `session+jwt`), once per assertion.
 *
 * @throws {Problem} `terminal_unknown`, `terminal_revoked`, `terminal_signature_invalid`, `forbidden` for another gateway's assertion,
 * `clock_skew`, `unauthenticated` when it was used before
 */
export async function openSession(
  assertion: string,
  parts: { readonly terminals: TerminalStore; readonly origin: string; readonly now: () => Date },
): Promise<OpenedSession> {
  const openedAt = parts.now();
  const terminal = await findSigner(assertion, parts.terminals);
  const claims = await verifyAssertion(assertion, terminal);
  if (claims.aud !== parts.origin) throw new Problem('forbidden', 'signed for another gateway');
  if (Math.abs(openedAt.getTime() / 1000 - claims.iat) > REQUEST_SKEW_SECONDS) {
    throw new Problem('clock_skew', 'the clocks differ by more than five minutes');
  }
  const token = encodeBase64Url(randomBytes(32));
  const expires = new Date(openedAt.getTime() + SESSION_MS);
  const session = { tokenHash: hashToken(token), terminal: terminal.id, assertion: claims.jti, openedAt, expires };
  if (!(await parts.terminals.openSession(session))) throw new Problem('unauthenticated', 'the assertion came before');
  return { token, expires };
}

async function findSigner(assertion: string, terminals: TerminalStore): Promise<Terminal> {
  let iss: string;
  try {
    ({ iss } = readClaims(assertion, SessionClaims));
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('malformed_request', cause.code, { cause });
  }
  const terminal = await terminals.find(iss);
  if (!terminal) throw new Problem('terminal_unknown', 'the terminal is not enrolled here');
  if (terminal.revokedAt) throw new Problem('terminal_revoked', 'an administrator turned this terminal away');
  return terminal;
}

async function verifyAssertion(assertion: string, { key }: Terminal) {
  try {
    const expected = { typ: 'session+jwt', claims: SessionClaims, findKey: () => key };
    return (await verifyClaims(assertion, expected)).claims;
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('terminal_signature_invalid', cause.code, { cause });
  }
}
