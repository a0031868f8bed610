import * as z from 'zod';
import { Base64Url32 } from './ids.ts';
import { JoseError, readClaims, signClaims, thumbprint, verifyClaims, type JWK, type SigningKey } from './jose.ts';

/**
 * A terminal provider's word (JWS `terminal-attestation+jwt`, ES256) that its certified terminal opened the card's key
 * for this one proof, and that the holder was looked at. Without it the card's signature is all there is, and says the
 * same for a PIN.
 */
export const TerminalAttestation = z
  .object({
    version: z.literal(1),
    /** SHA-256 of the presence proof's compact JWS: good for this proof alone. */
    presenceHash: Base64Url32,
    provider: z.string().min(1).max(100),
    /** The provider says of itself that it is simulated: no terminal, no look. */
    simulated: z.boolean(),
  })
  .readonly();
export type TerminalAttestation = z.infer<typeof TerminalAttestation>;

const TYPE = 'terminal-attestation+jwt';

/** Signs with the provider's key, which goes into the header: verifiers decide by their own list whether they know it. */
export function signTerminalAttestation(claims: TerminalAttestation, key: SigningKey): Promise<string> {
  return signClaims(TYPE, claims, key, { jwk: key.publicJwk });
}

/**
 * Verifies an attestation for one proof. One that calls itself simulated may have any key, because it is believed
 * nothing; every other must be signed by a provider whose key is pinned here. So whoever has no pinned key can at most
 * be simulated.
 *
 * @throws {JoseError}
 */
export async function verifyTerminalAttestation(
  attestation: string,
  expected: { readonly presenceHash: string; readonly providers: readonly JWK[] },
): Promise<TerminalAttestation> {
  const isSimulated = readClaims(attestation, TerminalAttestation).simulated;
  const pinned = new Map<string, JWK>();
  for (const jwk of expected.providers) pinned.set(await thumbprint(jwk), jwk);
  const { claims } = await verifyClaims(attestation, {
    typ: TYPE,
    claims: TerminalAttestation,
    findKey: ({ kid, jwk }) => (isSimulated ? jwk : pinned.get(kid ?? '')),
  });
  if (claims.presenceHash !== expected.presenceHash) throw new JoseError('jws_wrong_claims', 'for another proof');
  return claims;
}
