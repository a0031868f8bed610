import { encodeCommand, parseResponse } from '../iso7816/apdu.ts';
import type { CardChannel } from '../iso7816/card-channel.ts';
import { SIMULATED_TERMINAL_COMMAND, SIMULATED_TERMINAL_DATA } from './card-os/simulated-terminal.ts';

/** What a simulated terminal authentication comes to: never a real one. */
export type SimulatedTerminalOutcome =
  | { readonly kind: 'authenticated'; readonly isSimulated: true }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Fits `TerminalAuthentication` of `webusb-ccid/mynumber`. */
export interface SimulatedTerminal {
  authenticateTerminal(channel: CardChannel, signal?: AbortSignal): Promise<SimulatedTerminalOutcome>;
}

/**
 * A terminal authentication that works with simulated cards alone and says in every outcome that it is simulated. A real
 * card refuses its command and stays closed.
 */
export function createSimulatedTerminal(): SimulatedTerminal {
  return {
    async authenticateTerminal(channel, signal) {
      const command = encodeCommand({ ...SIMULATED_TERMINAL_COMMAND, data: SIMULATED_TERMINAL_DATA });
      const { sw } = parseResponse(await channel.transmit(command, signal));
      if (sw === 0x9000) return { kind: 'authenticated', isSimulated: true };
      return { kind: 'unavailable', reason: 'a simulated terminal opens simulated cards only' };
    },
  };
}
