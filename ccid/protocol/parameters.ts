import { CardError } from '../errors.ts';
import type { Atr } from '../iso7816/atr.ts';
import { DEFAULT_FI_DI, transmissionFactors } from '../iso7816/transmission-factors.ts';
import { exchangeLevel, FEATURE, type CcidClassDescriptor } from './class-descriptor.ts';

/** What to agree on with card and reader before the first APDU. */
export interface ParameterPlan {
  /** 0 or 1 */
  readonly protocol: 0 | 1;
  /** PPS request to the card, or `undefined` when none is due. */
  readonly pps: Uint8Array | undefined;
  /** abProtocolDataStructure of PC_to_RDR_SetParameters, or `undefined` when the reader does everything itself. */
  readonly structure: Uint8Array | undefined;
}

/**
 * Decides protocol and speed from the ATR and what the reader can do (CCID §6.1.7, ISO 7816-3 §6.3.1, §9).
 *
 * @param dataRates the rates of GET_DATA_RATES in bps; `undefined` when the reader has no list
 * @throws {CardError} `card_unsupported` when card and reader have no protocol in common or the card's fixed speed is
 *   not to be had
 */
export function planParameters(
  atr: Atr,
  descriptor: CcidClassDescriptor,
  dataRates?: readonly number[],
): ParameterPlan {
  const protocol = chooseProtocol(atr, descriptor);
  if (descriptor.dwFeatures & FEATURE.AUTO_NEGOTIATION) return { protocol, pps: undefined, structure: undefined };
  const pps1 = atr.specificMode ? undefined : negotiableSpeed(atr.fiDi, descriptor, dataRates);
  const fiDi = atr.specificMode ? specificSpeed(atr, descriptor, dataRates) : (pps1 ?? DEFAULT_FI_DI);
  return {
    protocol,
    pps: needsPps(atr, descriptor, protocol, pps1) ? encodePps(protocol, pps1) : undefined,
    structure: encodeStructure(atr, protocol, fiDi),
  };
}

function chooseProtocol(atr: Atr, { dwProtocols }: CcidClassDescriptor): 0 | 1 {
  const offered = atr.specificMode ? [atr.specificMode.protocol] : atr.protocols;
  // MySmartPad writes the two bytes of dwProtocols the wrong way round.
  const supported = (dwProtocols & 0xff) === 0 ? dwProtocols >> 8 : dwProtocols;
  for (const protocol of offered)
    if ((protocol === 0 || protocol === 1) && (supported & (1 << protocol)) !== 0) return protocol;
  throw new CardError('card_unsupported', 'the card offers no protocol that the reader speaks');
}

/** PPS1 for more than the default speed, or `undefined` to stay with it. */
function negotiableSpeed(
  ta1: number,
  descriptor: CcidClassDescriptor,
  dataRates: readonly number[] | undefined,
): number | undefined {
  const wanted = baudRate(ta1, descriptor);
  const standard = baudRate(DEFAULT_FI_DI, descriptor);
  if (wanted === undefined || standard === undefined || wanted <= standard) return undefined;
  if (isSupported(wanted, descriptor, dataRates)) return ta1;
  // Within F = 512 a smaller D is a speed that the card knows as well.
  if (ta1 > 0x97 || ta1 < 0x95) return undefined;
  for (let slower = ta1 - 1; slower >= 0x94; slower--) {
    const rate = baudRate(slower, descriptor);
    if (rate !== undefined && isSupported(rate, descriptor, dataRates)) return slower;
  }
  return undefined;
}

function specificSpeed(atr: Atr, descriptor: CcidClassDescriptor, dataRates: readonly number[] | undefined): number {
  if (atr.specificMode?.isImplicit)
    throw new CardError('card_unsupported', 'the card works with implicit parameters that its ATR does not give');
  const rate = baudRate(atr.fiDi, descriptor);
  if (rate === undefined || (dataRates && !isSupported(rate, descriptor, dataRates)))
    throw new CardError('card_unsupported', 'the reader does not know the fixed speed of the card');
  return atr.fiDi;
}

/** Bits per second of a TA1 byte at the reader's default clock, or `undefined` for reserved values. */
function baudRate(fiDi: number, { dwDefaultClock }: CcidClassDescriptor): number | undefined {
  const factors = transmissionFactors(fiDi);
  return factors && Math.floor((dwDefaultClock * 1000 * factors.d) / factors.f);
}

function isSupported(
  rate: number,
  { dwMaxDataRate }: CcidClassDescriptor,
  dataRates: readonly number[] | undefined,
): boolean {
  if (rate > dwMaxDataRate) return false;
  // Lists are rounded up or down by one.
  return !dataRates || dataRates.some((listed) => Math.abs(listed - rate) <= 1);
}

function needsPps(atr: Atr, descriptor: CcidClassDescriptor, protocol: number, pps1: number | undefined): boolean {
  const level = exchangeLevel(descriptor);
  if (level !== 'tpdu' && level !== 'character') return false;
  if (descriptor.dwFeatures & FEATURE.AUTO_PPS || atr.specificMode) return false;
  return pps1 !== undefined || protocol !== atr.protocols[0];
}

/** PPSS, PPS0, PPS1 when there is one, PCK (ISO 7816-3 §9.2). */
export function encodePps(protocol: number, pps1: number | undefined): Uint8Array {
  const bytes = pps1 === undefined ? [0xff, protocol] : [0xff, 0x10 | protocol, pps1];
  return Uint8Array.of(
    ...bytes,
    bytes.reduce((sum, byte) => sum ^ byte, 0),
  );
}

/**
 * Whether the card agreed: it repeats the request, or leaves PPS1 out and stays at the default speed (§9.3).
 *
 * @throws {CardError} `protocol_error` for any other answer
 */
export function parsePpsResponse(request: Uint8Array, response: Uint8Array): 'agreed' | 'default-speed' {
  if (response.length === request.length && response.every((byte, i) => byte === request[i])) return 'agreed';
  const withoutPps1 = encodePps((request[1] ?? 0) & 0x0f, undefined);
  if (response.length === 3 && response.every((byte, i) => byte === withoutPps1[i])) return 'default-speed';
  throw new CardError('protocol_error', 'the card refused the protocol parameters');
}

/** The structure for T=0 (5 bytes) or T=1 (7 bytes) (CCID §6.1.7). */
export function encodeStructure(atr: Atr, protocol: 0 | 1, fiDi: number): Uint8Array {
  const convention = atr.convention === 'inverse' ? 0x02 : 0x00;
  if (protocol === 0) return Uint8Array.of(fiDi, convention, atr.extraGuardTime, atr.waitingTimeInteger, 0);
  const { edc, bwi, cwi, ifsc } = atr.t1;
  const tcckst1 = 0x10 | convention | (edc === 'crc' ? 0x01 : 0x00);
  return Uint8Array.of(fiDi, tcckst1, atr.extraGuardTime, (bwi << 4) | cwi, 0, ifsc, 0);
}
