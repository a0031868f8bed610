import { CardError } from '../errors.ts';
import { parseAtr, type Atr } from '../iso7816/atr.ts';
import { parseCardCapabilities } from '../iso7816/historical-bytes.ts';
import { DEFAULT_FI_DI } from '../iso7816/transmission-factors.ts';
import { CharacterLine, exchangePpsCharacters, exchangeT0Characters, exchangeT1Characters } from './character-level.ts';
import { exchangeLevel, FEATURE } from './class-descriptor.ts';
import { exchangeExtendedApdu } from './extended-apdu.ts';
import { encodeStructure, parsePpsResponse, planParameters } from './parameters.ts';
import { pinTemplate, withPrologue } from './pin-pad.ts';
import { exchangeShortApdu } from './short-apdu.ts';
import { SlotFailure } from './slot-failure.ts';
import type { CcidSlot } from './slot.ts';
import { transmitT0 } from './t0.ts';
import { INF_MAX } from './t1-block.ts';
import type { T1Received } from './t1-conversation.ts';
import { T1 } from './t1.ts';

/** Carries one whole command APDU to the card and its response back. */
export type TransmitApdu = (command: Uint8Array) => Promise<Uint8Array>;

/** A card that is ready for commands. */
export interface CardSession {
  readonly transmit: TransmitApdu;
  /** Sends abData of PC_to_RDR_Secure; `undefined` where the reader has no keys or sends single characters only. */
  readonly enterPin: TransmitApdu | undefined;
}

/** Answers with the reader's list of data rates, or `undefined` when it has none. */
export type AskDataRates = () => Promise<readonly number[] | undefined>;

/** How blocks, TPDUs and PPS reach the card: whole at TPDU level, byte by byte at character level. */
interface Line {
  pps(request: Uint8Array): Promise<Uint8Array>;
  tpdu(tpdu: Uint8Array): Promise<Uint8Array>;
  block(block: Uint8Array, bBWI: number): Promise<Uint8Array>;
}

/**
 * Makes a powered card ready: agrees on protocol and speed as far as the reader leaves that to the host, and returns
 * the way APDUs go at the reader's exchange level.
 *
 * @throws {CardError} `card_unsupported`, `protocol_error`, and as the slot's commands
 */
export async function openCardSession(
  slot: CcidSlot,
  atrBytes: Uint8Array,
  dataRates: AskDataRates,
): Promise<CardSession> {
  const level = exchangeLevel(slot.descriptor);
  if (level === 'tpdu' || level === 'character') {
    const atr = readAtr(atrBytes);
    const line = level === 'tpdu' ? tpduLine(slot) : characterLine(slot, atr);
    const protocol = await agree(slot, atr, line, dataRates);
    if (protocol === 1) return openT1(slot, atr, line, level === 'tpdu');
    return { transmit: openT0(atr, line), enterPin: level === 'tpdu' ? pinEntry(slot) : undefined };
  }
  // A reader that does everything itself also copes with an ATR that makes no sense.
  if (!slot.has(FEATURE.AUTO_NEGOTIATION)) await agree(slot, readAtr(atrBytes), undefined, dataRates);
  const enterPin = pinEntry(slot);
  if (level === 'extended-apdu') return { transmit: (command) => exchangeExtendedApdu(slot, command), enterPin };
  const canChain = mayChain(atrBytes);
  return { transmit: (command) => exchangeShortApdu(slot, command, { canChain }), enterPin };
}

function pinEntry(slot: CcidSlot): TransmitApdu | undefined {
  return slot.descriptor.bPINSupport === 0 ? undefined : (abData) => slot.enterPin(abData);
}

function readAtr(bytes: Uint8Array): Atr {
  try {
    return parseAtr(bytes, { isLenient: true });
  } catch (cause) {
    throw new CardError('card_unsupported', 'the answer to reset makes no sense', { cause });
  }
}

function mayChain(atrBytes: Uint8Array): boolean {
  try {
    return parseCardCapabilities(parseAtr(atrBytes, { isLenient: true }).historicalBytes).commandChaining;
  } catch {
    return false;
  }
}

/** Carries out the plan: PPS with the card, then the same with the reader. Returns the protocol. */
async function agree(slot: CcidSlot, atr: Atr, line: Line | undefined, dataRates: AskDataRates): Promise<0 | 1> {
  const plan = planParameters(atr, slot.descriptor, await dataRates());
  let { structure } = plan;
  if (plan.pps && line && parsePpsResponse(plan.pps, await line.pps(plan.pps)) === 'default-speed')
    structure = encodeStructure(atr, plan.protocol, DEFAULT_FI_DI);
  if (structure) await slot.setParameters(plan.protocol, structure);
  return plan.protocol;
}

function tpduLine(slot: CcidSlot): Line {
  const whole = async (bytes: Uint8Array, bBWI = 0): Promise<Uint8Array> => (await slot.xfrBlock(bytes, bBWI)).abData;
  return { pps: whole, tpdu: whole, block: whole };
}

function characterLine(slot: CcidSlot, atr: Atr): Line {
  const line = new CharacterLine(slot);
  return {
    pps: (request) => exchangePpsCharacters(line, request),
    tpdu: (tpdu) => exchangeT0Characters(line, tpdu),
    block: (block, bBWI) => exchangeT1Characters(line, block, bBWI, atr.t1.edc),
  };
}

function openT0(atr: Atr, line: Line): TransmitApdu {
  const { commandChaining } = parseCardCapabilities(atr.historicalBytes);
  return (command) => transmitT0((tpdu) => line.tpdu(tpdu), command, { canChain: commandChaining });
}

async function openT1(slot: CcidSlot, atr: Atr, line: Line, isTpdu: boolean): Promise<CardSession> {
  const t1 = new T1((block, bBWI) => exchangeBlock(line, block, bBWI), atr.t1);
  const ifsd = Math.min(slot.descriptor.dwMaxIFSD || INF_MAX, INF_MAX);
  if (!slot.has(FEATURE.AUTO_IFSD)) await t1.announceIfsd(ifsd);
  const enterPin = isTpdu ? pinEntry(slot) : undefined;
  return {
    transmit: (command) => t1.transmit(command),
    enterPin: enterPin && ((abData) => enterPinT1(t1, enterPin, abData)),
  };
}

/** The reader wraps the command in a block of which it gets the prologue, and hands out the card's whole block (§6.1.11). */
async function enterPinT1(t1: T1, enterPin: TransmitApdu, abData: Uint8Array): Promise<Uint8Array> {
  let ending: Uint8Array | undefined;
  try {
    return await t1.transmitCompleted(pinTemplate(abData), async (prologue) => {
      const answer = await enterPin(withPrologue(abData, prologue)).catch(lineFailure);
      // 6400 or 6401: nothing went to the card.
      if (answer instanceof Uint8Array && answer.length === 2) {
        ending = answer;
        throw new CardError('aborted', 'the PIN was not entered');
      }
      return answer;
    });
  } catch (error) {
    if (ending) return ending;
    throw error;
  }
}

/** Disturbances of the line are T=1's own business; a card that is gone is not. */
async function exchangeBlock(line: Line, block: Uint8Array, bBWI: number): Promise<T1Received> {
  return line.block(block, bBWI).catch(lineFailure);
}

function lineFailure(error: unknown): T1Received {
  if (error instanceof SlotFailure && error.lineFailure) return error.lineFailure;
  throw error;
}
