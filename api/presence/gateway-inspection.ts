import type { InstitutionId } from '../contract/ids.ts';
import type { PresenceClaims, PresenceSubmission } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import { checkTerminal, readStatement } from './statement-checks.ts';

/**
 * What a gateway checks of a tap before it keeps it: that one of its own terminals took it, here. The card's signature is
 * the exchange's to verify, which has the binding.
 *
 * @throws {Problem} `presence_malformed`, `presence_wrong_actor`, `terminal_signature_invalid`, `terminal_unknown`
 */
export async function inspectSubmission(
  submission: PresenceSubmission,
  gateway: {
    readonly institution: InstitutionId;
    readonly isEnrolled: (terminal: string) => Promise<boolean>;
  },
): Promise<PresenceClaims> {
  const claims = readStatement(submission.presence);
  if (claims.actorId !== gateway.institution) throw new Problem('presence_wrong_actor', 'made at another institution');
  await checkTerminal(submission);
  if (!(await gateway.isEnrolled(claims.iss)))
    throw new Problem('terminal_unknown', 'the terminal is not enrolled here');
  return claims;
}
