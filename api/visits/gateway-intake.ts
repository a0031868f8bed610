import type { PresenceClaims, PresenceSubmission } from '../contract/presence-proof.ts';
import type { GatewayVisit, GatewayVisitStore } from '../storage/gateway-visits.ts';
import type { VisitForwarder } from './forwarder.ts';
import { hashSubmission } from './submission-hash.ts';

export interface GatewayIntakeParts {
  readonly visits: GatewayVisitStore;
  readonly forwarder: VisitForwarder;
  /** The gateway's own checks of a tap. */
  readonly inspect: (submission: PresenceSubmission) => Promise<PresenceClaims>;
  readonly isExchangeReachable: () => boolean;
  readonly now: () => Date;
}

/** A person waits at the desk; when the exchange was away a moment ago they wait less. */
const TIMEOUT_MS = { reachable: 8000, away: 2000 } as const;

/**
 * Takes one tap from a terminal: kept durably before anything else, then handed to the exchange. What comes back says
 * whether it is recorded, refused, or kept until the exchange answers.
 */
export function createGatewayIntake(parts: GatewayIntakeParts) {
  return async (submission: PresenceSubmission): Promise<GatewayVisit> => {
    const claims = await parts.inspect(submission);
    const kept = await parts.visits.keep({
      visitId: claims.jti,
      submission,
      submissionHash: hashSubmission(submission),
      presentedAt: new Date(claims.iat * 1000),
      receivedAt: parts.now(),
    });
    if (kept.state !== 'kept') return kept;
    const timeoutMs = parts.isExchangeReachable() ? TIMEOUT_MS.reachable : TIMEOUT_MS.away;
    await parts.forwarder.forward(submission.submissionId, timeoutMs);
    return (await parts.visits.find(submission.submissionId)) ?? kept;
  };
}
