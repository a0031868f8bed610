import type { TerminalAuthentication } from '../cards/mynumber/mynumber-terminal.ts';
import { encodeCommand, parseResponse } from '../iso7816/apdu.ts';
import { SIMULATED_TERMINAL_COMMAND, SIMULATED_TERMINAL_DATA } from './card-os/simulated-terminal.ts';

/**
 * A terminal authentication that works with simulated cards alone and says in every outcome that it is simulated. A real
 * card refuses its command and stays closed.
 */
export function createSimulatedTerminal(): TerminalAuthentication {
  return {
    async authenticateTerminal(channel, signal) {
      const command = encodeCommand({ ...SIMULATED_TERMINAL_COMMAND, data: SIMULATED_TERMINAL_DATA });
      const { sw } = parseResponse(await channel.transmit(command, signal));
      if (sw === 0x9000) return { kind: 'authenticated', isSimulated: true };
      return { kind: 'unavailable', reason: 'a simulated terminal opens simulated cards only' };
    },
  };
}
