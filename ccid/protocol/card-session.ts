import { CardError } from '../errors.ts';
import { parseAtr, type Atr } from '../iso7816/atr.ts';
import { DEFAULT_FI_DI } from '../iso7816/transmission-factors.ts';
import { exchangeLevel, FEATURE } from './class-descriptor.ts';
import { exchangeExtendedApdu } from './extended-apdu.ts';
import { encodeStructure, parsePpsResponse, planParameters, type ParameterPlan } from './parameters.ts';
import { exchangeShortApdu, SHORT_APDU_MAX } from './short-apdu.ts';
import type { CcidSlot } from './slot.ts';
import { SLOT_ERROR, slotFailure } from './slot-failure.ts';
import { transmitT0 } from './t0.ts';
import { T1 } from './t1.ts';
import type { T1Received } from './t1-conversation.ts';

/** Carries one whole command APDU to the card and its response back. */
export type TransmitApdu = (command: Uint8Array) => Promise<Uint8Array>;

/**
 * Makes a powered card ready: agrees on protocol and speed as far as the reader leaves that to the host, and returns
 * the way APDUs go at the reader's exchange level.
 *
 * @param dataRates asks the reader for its list of rates, when one is needed
 * @throws {CardError} `card_unsupported`, `protocol_error`, and as the slot's commands
 */
export async function openCardSession(
  slot: CcidSlot,
  atrBytes: Uint8Array,
  dataRates: () => Promise<readonly number[] | undefined>,
): Promise<TransmitApdu> {
  const level = exchangeLevel(slot.descriptor);
  if (level === 'extended-apdu' || level === 'short-apdu') {
    if (!slot.has(FEATURE.AUTO_NEGOTIATION)) await agree(slot, readAtr(atrBytes), await dataRates());
    if (level === 'extended-apdu') return (command) => exchangeExtendedApdu(slot, command);
    return (command) => exchangeShort(slot, command);
  }
  const atr = readAtr(atrBytes);
  const { protocol } = await agree(slot, atr, await dataRates());
  if (level === 'character') throw new CardError('card_unsupported', 'character level readers are not driven');
  return protocol === 0 ? openT0(slot) : openT1(slot, atr);
}

function readAtr(bytes: Uint8Array): Atr {
  try {
    return parseAtr(bytes, { isLenient: true });
  } catch (cause) {
    throw new CardError('card_unsupported', 'the answer to reset makes no sense', { cause });
  }
}

/** Carries out the plan: PPS with the card, then the same with the reader. */
async function agree(slot: CcidSlot, atr: Atr, dataRates: readonly number[] | undefined): Promise<ParameterPlan> {
  const plan = planParameters(atr, slot.descriptor, dataRates);
  let { structure } = plan;
  if (plan.pps) {
    const { abData } = await slot.xfrBlock(plan.pps);
    if (parsePpsResponse(plan.pps, abData) === 'default-speed')
      structure = encodeStructure(atr, plan.protocol, DEFAULT_FI_DI);
  }
  if (structure) await slot.setParameters(plan.protocol, structure);
  return plan;
}

async function exchangeShort(slot: CcidSlot, command: Uint8Array): Promise<Uint8Array> {
  if (command.length > SHORT_APDU_MAX)
    throw new CardError('card_unsupported', 'this reader carries commands of at most 261 bytes');
  return exchangeShortApdu(slot, command);
}

function openT0(slot: CcidSlot): TransmitApdu {
  return (command) => transmitT0(async (tpdu) => (await slot.xfrBlock(tpdu)).abData, command);
}

async function openT1(slot: CcidSlot, atr: Atr): Promise<TransmitApdu> {
  const t1 = new T1((block, bBWI) => exchangeT1Block(slot, block, bBWI), atr.t1);
  const ifsd = Math.min(slot.descriptor.dwMaxIFSD || 254, 254);
  if (!slot.has(FEATURE.AUTO_IFSD)) await t1.announceIfsd(ifsd);
  return (command) => t1.transmit(command);
}

async function exchangeT1Block(slot: CcidSlot, block: Uint8Array, bBWI: number): Promise<T1Received> {
  const reply = await slot.xfrBlockRaw(block, bBWI, 0);
  if (reply.commandStatus === 'processed' && reply.iccStatus !== 'absent') return reply.abData;
  if (reply.iccStatus === 'active') {
    if (reply.bError === SLOT_ERROR.XFR_PARITY_ERROR || reply.bError === SLOT_ERROR.XFR_OVERRUN) return 'parity-error';
    if (reply.bError === SLOT_ERROR.ICC_MUTE) return 'mute';
  }
  throw slotFailure(reply, 'exchange');
}
