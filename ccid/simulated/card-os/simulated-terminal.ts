import { equalBytes } from '../../iso7816/bytes.ts';
import type { Instruction } from './definition.ts';
import { refuse } from './refusal.ts';

/**
 * Stands in for the authentication of a certified terminal, whose real commands are not public. The class byte F0 is
 * proprietary and the data says what it is, so that no real card takes it for anything: a real one answers 6E00.
 */
export const SIMULATED_TERMINAL_COMMAND = { cla: 0xf0, ins: 0x82, p1: 0x00, p2: 0x00 } as const;
export const SIMULATED_TERMINAL_DATA = new TextEncoder().encode('SIMULATED TERMINAL AUTHENTICATION');

/** After it the keys that a certified terminal may use are open until the application is selected again. */
export const authenticateSimulatedTerminal: Instruction = (session, command) => {
  if (!command.data || !equalBytes(command.data, SIMULATED_TERMINAL_DATA)) return refuse('wrongData');
  session.satisfy('terminal');
  return { data: new Uint8Array(), sw: 0x9000 };
};
