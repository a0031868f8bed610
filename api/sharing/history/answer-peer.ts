import { verifyBinding, type Binding } from '../../contract/binding.ts';
import {
  requireConsentExpiry,
  requireConsentRecipient,
  requireConsentScope,
  type ConsentProof,
} from '../../contract/consent.ts';
import type { PeerHistory } from '../../contract/exchange-api.ts';
import type { ExchangeId } from '../../contract/ids.ts';
import { JoseError } from '../../contract/jose.ts';
import { verifyPresenceProof, type PresenceClaims } from '../../contract/presence-proof.ts';
import { Problem } from '../../contract/problem.ts';
import { REQUEST_SKEW_SECONDS } from '../../contract/signed-request.ts';
import type { HistoryParts } from './parts.ts';

/**
 * Answers a peer with the visits of one person, on the strength of what that person's card signed: for the peer, for an
 * institution behind the peer, for a time that is not over. A card that was enrolled here is verified with our own binding;
 * for others the peer's signed word is taken.
 *
 * @throws {Problem} `consent_invalid`, `consent_wrong_recipient`, `consent_wrong_scope`, `consent_expired`,
 * `consent_wrong_person`
 */
export async function answerPeer(parts: HistoryParts, peer: ExchangeId, proof: ConsentProof): Promise<PeerHistory> {
  const { claims, binding } = await verifyFor(parts, peer, proof);
  const now = parts.now();
  if (claims.aud !== peer) throw new Problem('consent_invalid', 'made for another exchange');
  if (claims.iat * 1000 > now.getTime() + REQUEST_SKEW_SECONDS * 1000) {
    throw new Problem('consent_invalid', 'made in the future');
  }
  const { recipient } = requireConsentScope(claims, []);
  requireConsentRecipient(claims, recipient);
  if (parts.directory().exchangeOf(recipient) !== peer) {
    throw new Problem('consent_wrong_recipient', 'the recipient is not behind the exchange that asks');
  }
  requireConsentExpiry(claims, now);
  return parts.readReceipts(binding.subject);
}

async function verifyFor(
  { findBinding, directory }: HistoryParts,
  peer: ExchangeId,
  { presence, binding: jws }: ConsentProof,
): Promise<{ readonly claims: PresenceClaims; readonly binding: Binding }> {
  try {
    const binding = await verifyBinding(jws, directory().exchangeKeys(peer));
    if (binding.iss !== peer) throw new Problem('consent_invalid', 'the binding of another exchange');
    const own = await findBinding(binding.certHash);
    if (own && own.subject !== binding.subject) throw new Problem('consent_wrong_person', 'the card is another’s here');
    // A proof with the PIN is signed by the certificate's own key, which our binding of the tap key does not hold.
    const cardKey = own?.application === binding.application ? own.cardKey : binding.cardKey;
    const claims = await verifyPresenceProof(presence, cardKey);
    if (claims.certHash !== binding.certHash) throw new Problem('consent_invalid', 'the binding is for another card');
    return { claims, binding };
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('consent_invalid', cause.code, { cause });
  }
}
