import {
  requireConsentExpiry,
  requireConsentRecipient,
  requireConsentScope,
  type ConsentProof,
} from '../../contract/consent.ts';
import type { PeerHistory } from '../../contract/exchange-api.ts';
import type { ExchangeId } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import { endsConsent, verifyWithdrawal } from '../../contract/withdrawal.ts';
import type { HistoryParts } from './parts.ts';
import { verifyPeerProof } from './verify-peer-proof.ts';

/**
 * Answers a peer with the visits of one person, on the strength of what that person's card signed: for the peer, for an
 * institution behind the peer, for a time that is not over, and not taken back since.
 *
 * @throws {Problem} `consent_invalid`, `consent_wrong_recipient`, `consent_wrong_scope`, `consent_expired`,
 * `consent_wrong_person`, `consent_withdrawn`
 */
export async function answerPeer(parts: HistoryParts, peer: ExchangeId, proof: ConsentProof): Promise<PeerHistory> {
  const { claims, binding } = await verifyPeerProof(parts, peer, proof);
  const { recipient } = requireConsentScope(claims, []);
  requireConsentRecipient(claims, recipient);
  if (parts.directory().exchangeOf(recipient) !== peer) {
    throw new Problem('consent_wrong_recipient', 'the recipient is not behind the exchange that asks');
  }
  requireConsentExpiry(claims, parts.now());
  for (const known of await parts.consents.listWithdrawals(binding.subject)) {
    // It was verified when it was taken; a key that went since takes nothing back from the person's word.
    const withdrawal = await verifyWithdrawal(known, parts.directory().exchangeKeys);
    if (endsConsent(withdrawal, { claims, subject: binding.subject })) {
      throw new Problem('consent_withdrawn', known.acceptedAt.toISOString());
    }
  }
  return parts.readReceipts(binding.subject);
}
