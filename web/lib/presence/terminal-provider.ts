import type { TerminalAuthentication } from 'webusb-ccid/mynumber';
import { createSigningJwk, importSigningKey } from '#api/contract/jose.ts';
import { signTerminalAttestation } from '#api/contract/terminal-attestation.ts';

/**
 * A certified terminal as this app meets it: opens a card's authentication key without PIN, and vouches for each proof
 * that came of it. Real ones are not public; whoever has one brings it here, and exchanges pin its key.
 */
export interface TerminalProvider extends TerminalAuthentication {
  /** An attestation for one proof (JWS `terminal-attestation+jwt`). */
  attest(presenceHash: string): Promise<string>;
}

/**
 * Plays a certified terminal with simulated cards. Its key is made up on the spot and known to nobody, and each of its
 * attestations says `simulated`: there is no way for one to count as real.
 */
export async function createSimulatedProvider(authentication: TerminalAuthentication): Promise<TerminalProvider> {
  const key = await importSigningKey(await createSigningJwk());
  return {
    authenticateTerminal: (channel, signal) => authentication.authenticateTerminal(channel, signal),
    attest: (presenceHash) =>
      signTerminalAttestation({ version: 1, presenceHash, provider: 'simulated', simulated: true }, key),
  };
}
