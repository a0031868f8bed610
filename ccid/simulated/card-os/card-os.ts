import { type CommandApdu, encodeResponse, isExtended, parseCommand, type ResponseApdu } from '../../iso7816/apdu.ts';
import { concatBytes } from '../../iso7816/bytes.ts';
import type { SimulatedCard } from '../card.ts';
import type { CardDefinition } from './definition.ts';
import { type CardState, PinMemory } from './pin-memory.ts';
import { Refusal, REFUSED, refuse } from './refusal.ts';
import { CardSession, type FillRandom } from './session.ts';

/** A simulated card that can say what its EEPROM holds. */
export interface StatefulCard extends SimulatedCard {
  /** Retry counters and changed PINs, to be handed to the next card of the same personalisation. */
  saveState(): CardState;
}

const CHAINING_BIT = 0x10;

/** Whether more parts of this command follow (ISO 7816-4 §5.4.1); proprietary classes have no such bit. */
function isChained(command: CommandApdu): boolean {
  return (command.cla & 0xf0) === CHAINING_BIT;
}

/** A card that runs a definition. Commands are carried out one at a time, in the order in which they arrive. */
export function createCardOs(
  definition: CardDefinition,
  state: CardState | undefined,
  fillRandom: FillRandom,
): StatefulCard {
  const pins = new PinMemory(state);
  const { applications, selectedAtReset } = definition;
  const powerOn = () => new CardSession(applications, selectedAtReset ? applications[0] : undefined, pins, fillRandom);
  let session = powerOn();
  let chain: CommandApdu | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** Joins the parts of a chained command (ISO 7816-4 §5.3.3); `undefined` while more parts are to come. */
  function joinChain(part: CommandApdu): CommandApdu | undefined {
    const isSame = chain?.ins === part.ins && chain.p1 === part.p1 && chain.p2 === part.p2;
    if (chain && !isSame) {
      chain = undefined;
      refuse('lastOfChainExpected');
    }
    const whole = chain ? { ...part, data: concatBytes(chain.data ?? NOTHING, part.data ?? NOTHING) } : part;
    chain = isChained(part) ? whole : undefined;
    return chain ? undefined : whole;
  }

  async function answer(bytes: Uint8Array): Promise<ResponseApdu> {
    const part = readCommand(bytes);
    if (isExtended(part) && !definition.hasExtendedLength) refuse('wrongLength');
    if (isChained(part) && !definition.hasChaining) refuse('chainingNotSupported');
    const command = joinChain(part);
    if (!command) return { data: NOTHING, sw: 0x9000 };
    return findInstruction(definition, command)(session, command);
  }

  return {
    atr: definition.atr,
    reset() {
      session = powerOn();
      chain = undefined;
    },
    process(bytes) {
      const response = turn.then(() => answer(bytes)).catch(refusalToResponse);
      turn = response;
      return response.then(encodeResponse);
    },
    saveState: () => pins.save(),
  };
}

const NOTHING = new Uint8Array();

function readCommand(bytes: Uint8Array): CommandApdu {
  try {
    return parseCommand(bytes);
  } catch {
    return refuse('wrongLength');
  }
}

function findInstruction(definition: CardDefinition, command: CommandApdu) {
  const ins = command.ins.toString(16).padStart(2, '0').toUpperCase();
  const cla = command.cla.toString(16).padStart(2, '0').toUpperCase();
  const instruction = definition.instructions[`${cla}${ins}`];
  if (instruction) return instruction;
  const isInterindustry = (command.cla & 0x80) === 0;
  if (isInterindustry && (command.cla & 0x0c) !== 0) return refuse('classNotSupportedByInstruction');
  if (isInterindustry && (command.cla & 0x03) !== 0) return refuse('channelNotSupported');
  const isKnownClass = Object.keys(definition.instructions).some((key) => key.startsWith(cla));
  return refuse(isKnownClass ? 'instructionUnknown' : 'classUnknown');
}

function refusalToResponse(error: unknown): ResponseApdu {
  return { data: NOTHING, sw: error instanceof Refusal ? error.sw : REFUSED.fault };
}
