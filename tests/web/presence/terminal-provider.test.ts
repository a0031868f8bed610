import { createMynumberTerminal } from 'webusb-ccid/mynumber';
import { createSimulatedTerminal } from 'webusb-ccid/simulated';
import { describe, expect, it } from 'vitest';
import { verifyTerminalAttestation } from '#api/contract/terminal-attestation.ts';
import { createSimulatedProvider, type TerminalProvider } from '#lib/presence/terminal-provider.ts';
import { createMyNumberCard, openChannel } from '../../ccid/simulated-cards/test-cards.ts';

interface Candidate {
  readonly create: () => Promise<TerminalProvider>;
  /** Keys that exchanges pin for it; a simulated one has none. */
  readonly pinned: readonly JsonWebKey[];
  readonly isSimulated: boolean;
}

const HASH = 'H'.repeat(43);

/** What every terminal provider must do, the real ones too. */
function describeProvider(name: string, { create, pinned, isSimulated }: Candidate): void {
  describe(`${name} as a terminal provider`, () => {
    it('opens the key without a PIN, and says the same of itself in the outcome and in its attestation', async () => {
      const provider = await create();
      const channel = openChannel(createMyNumberCard());
      const proof = await createMynumberTerminal(provider).prove(channel, () => Promise.resolve(new Uint8Array(8)));
      expect(channel.sent.some((command) => command[1] === 0x20)).toBe(false);
      expect(proof.isSimulated === true).toBe(isSimulated);
      const attestation = await provider.attest(HASH);
      const claims = await verifyTerminalAttestation(attestation, { presenceHash: HASH, providers: [...pinned] });
      expect(claims.simulated).toBe(isSimulated);
    });

    it('vouches for one proof and no other', async () => {
      const attestation = await (await create()).attest(HASH);
      const expected = { presenceHash: 'I'.repeat(43), providers: [...pinned] };
      await expect(verifyTerminalAttestation(attestation, expected)).rejects.toMatchObject({
        code: 'jws_wrong_claims',
      });
    });
  });
}

describeProvider('the simulated terminal', {
  create: () => createSimulatedProvider(createSimulatedTerminal()),
  pinned: [],
  isSimulated: true,
});
