import { encodeBase64Url, parseBase64Url } from '../contract/encoding.ts';
import type { ExchangeId, InstitutionId } from '../contract/ids.ts';
import { JoseError } from '../contract/jose.ts';
import {
  readPresenceClaims,
  verifyTerminalClaims,
  type PresenceClaims,
  type PresenceSubmission,
  type Purpose,
} from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';

/** What the statement must say to count here. */
export interface ExpectedStatement {
  readonly exchange: ExchangeId;
  /** The institution that handed it over. */
  readonly actor: InstitutionId;
  readonly purpose: Purpose;
}

/**
 * Reads the claims, still unverified. Only one text stands for a proof: a signature in another base64url spelling is
 * refused, or one tap would have several hashes.
 *
 * @throws {Problem} `presence_malformed`
 */
export function readStatement(presence: string): PresenceClaims {
  try {
    const signature = presence.split('.')[2] ?? '';
    if (encodeBase64Url(parseBase64Url(signature)) !== signature) throw new RangeError('not the shortest spelling');
    return readPresenceClaims(presence);
  } catch (cause) {
    if (!(cause instanceof JoseError || cause instanceof RangeError)) throw cause;
    throw new Problem('presence_malformed', 'not a presence proof', { cause });
  }
}

/**
 * Checks that the statement is for us, from them, about this.
 *
 * @throws {Problem} `presence_wrong_audience`, `presence_wrong_actor`, `presence_wrong_purpose`
 */
export function checkStatement(claims: PresenceClaims, expected: ExpectedStatement): void {
  if (claims.aud !== expected.exchange) throw new Problem('presence_wrong_audience', 'made for another exchange');
  if (claims.actorId !== expected.actor) throw new Problem('presence_wrong_actor', 'made at another institution');
  if (claims.purpose !== expected.purpose) throw new Problem('presence_wrong_purpose', `not for ${expected.purpose}`);
}

/**
 * Checks the terminal's countersignature. Whether that terminal is enrolled is its gateway's knowledge.
 *
 * @throws {Problem} `terminal_signature_invalid`
 */
export async function checkTerminal(submission: PresenceSubmission): Promise<void> {
  try {
    await verifyTerminalClaims(submission);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('terminal_signature_invalid', cause.code, { cause });
  }
}
