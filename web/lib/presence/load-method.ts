import type { Purpose } from '#api/contract/presence-proof.ts';
import type { PresenceChoice } from '#lib/app/preferences.svelte.ts';
import type { LoadedMethod } from './presence.ts';

interface Dependencies {
  readonly choice: () => PresenceChoice;
  readonly askPin: (signal?: AbortSignal) => Promise<Uint8Array>;
}

/**
 * Loads the way of proving presence that was chosen on this device. A certified terminal opens visits only, and there is
 * none but the simulated one; everything else is tapped.
 */
export async function loadMethod(
  purpose: Purpose,
  { choice, askPin }: Dependencies,
  signal?: AbortSignal,
): Promise<LoadedMethod> {
  const { createMynumberPin, createMynumberTerminal, mynumberTap } = await import('webusb-ccid/mynumber');
  if (purpose !== 'visit' || choice() === 'tap') return mynumberTap;
  if (choice() === 'pin') {
    const pin = await askPin(signal);
    return { ...createMynumberPin(pin), release: () => pin.fill(0) };
  }
  const [{ createSimulatedTerminal }, { createSimulatedProvider }] = await Promise.all([
    import('webusb-ccid/simulated'),
    import('./terminal-provider.ts'),
  ]);
  const provider = await createSimulatedProvider(createSimulatedTerminal());
  return { ...createMynumberTerminal(provider), attest: (hash) => provider.attest(hash) };
}
