import type { PolicyWorld } from '../contract/certificate-profile.ts';
import { JoseError, type JWK } from '../contract/jose.ts';
import { presenceHash, type PresenceClaims, type PresenceSubmission } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import { verifyTerminalAttestation, type TerminalAttestation } from '../contract/terminal-attestation.ts';

/** What vouched for a look at the holder. */
export type TerminalKind = 'none' | 'simulated' | 'certified';

/**
 * Checks that a terminal proof has its provider's attestation, and that no other proof has one. A simulated terminal
 * counts in the world of test cards only. A consent travels on without the attestation, to exchanges that could not
 * check it, so that a terminal proof opens visits and no history.
 *
 * @throws {Problem} `presence_attestation_invalid`, `presence_method_unsupported`
 */
export async function checkAttestation(
  submission: PresenceSubmission,
  { proofMethod, purpose }: PresenceClaims,
  trust: { readonly providers: readonly JWK[]; readonly world: PolicyWorld },
): Promise<TerminalKind> {
  const { attestation, presence } = submission;
  if (proofMethod !== 'mynumber-terminal') {
    if (attestation === undefined) return 'none';
    throw new Problem('presence_attestation_invalid', `no terminal vouches for ${proofMethod}`);
  }
  if (purpose !== 'visit') throw new Problem('presence_method_unsupported', `a terminal does not open ${purpose}`);
  if (attestation === undefined) throw new Problem('presence_attestation_invalid', 'no terminal vouches for this');
  const { simulated } = await verify(attestation, presenceHash(presence), trust.providers);
  if (simulated && trust.world !== 'test') throw new Problem('presence_attestation_invalid', 'a simulated terminal');
  return simulated ? 'simulated' : 'certified';
}

async function verify(attestation: string, hash: string, providers: readonly JWK[]): Promise<TerminalAttestation> {
  try {
    return await verifyTerminalAttestation(attestation, { presenceHash: hash, providers });
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('presence_attestation_invalid', cause.code, { cause });
  }
}
