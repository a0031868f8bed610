import type { Instruction } from './definition.ts';
import { refuse } from './refusal.ts';

/** GET CHALLENGE (ISO 7816-4 §11.5.3): 1 to 256 random bytes. */
export const getChallenge: Instruction = (session, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return refuse('wrongP1P2');
  const challenge = new Uint8Array(command.ne ?? refuse('wrongLength'));
  session.fillRandom(challenge);
  return { data: challenge, sw: 0x9000 };
};
