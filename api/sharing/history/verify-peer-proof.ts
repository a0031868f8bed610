import { verifyBinding, type Binding } from '../../contract/binding.ts';
import type { ConsentProof } from '../../contract/consent.ts';
import type { ExchangeId } from '../../contract/ids.ts';
import { JoseError } from '../../contract/jose.ts';
import type { PartyKeys } from '../../contract/keys-by-thumbprint.ts';
import { verifyPresenceProof, type PresenceClaims } from '../../contract/presence-proof.ts';
import { Problem } from '../../contract/problem.ts';
import { REQUEST_SKEW_SECONDS } from '../../contract/signed-request.ts';
import type { KnownBinding } from './parts.ts';

export interface PeerProofParts {
  readonly findBinding: (certHash: string) => Promise<KnownBinding | undefined>;
  readonly directory: () => { readonly exchangeKeys: PartyKeys };
  readonly now: () => Date;
}

/**
 * Verifies what a card signed for a peer. A card that was enrolled here is verified with our own binding; for others the
 * peer's signed word is taken.
 *
 * @throws {Problem} `consent_invalid`, `consent_wrong_person`
 */
export async function verifyPeerProof(
  { findBinding, directory, now }: PeerProofParts,
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
    if (claims.aud !== peer) throw new Problem('consent_invalid', 'made for another exchange');
    if (claims.iat * 1000 > now().getTime() + REQUEST_SKEW_SECONDS * 1000) {
      throw new Problem('consent_invalid', 'made in the future');
    }
    return { claims, binding };
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('consent_invalid', cause.code, { cause });
  }
}
