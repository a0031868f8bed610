import type { ProcedureStyle } from './character-card.ts';

/** The exchange levels a simulated reader can be built for, and the protocols of the TPDU ones. */
export type SimulatedLevel = 'short-apdu' | 'extended-apdu' | 'tpdu-t1' | 'tpdu-t0' | 'character';

/** `plain`: nothing; `iso-mode`: Escape 1F 01, once; `off-first`: PC_to_RDR_IccPowerOff each time. */
export type PowerOnManner = 'plain' | 'iso-mode' | 'off-first';

/** What a simulated CCID reader says of itself. */
export interface CcidReaderModel {
  readonly interfaceClass: number;
  readonly slotCount: number;
  readonly dwProtocols: number;
  readonly dwFeatures: number;
  readonly dwMaxIFSD: number;
  readonly dwMaxCCIDMessageLength: number;
  readonly bVoltageSupport: number;
  readonly bPINSupport: number;
  readonly hasInterrupt: boolean;
  /** The class descriptor stands behind the last endpoint, as in a few real readers. */
  readonly isDescriptorLast: boolean;
  /** bPowerSelect that the cards need, 0 when any will do. */
  readonly cardPowerSelect: number;
  /** What the reader wants before it switches a card on. */
  readonly powerOnManner: PowerOnManner;
  /** Rates that GET_DATA_RATES lists, bps; empty when there is no list. */
  readonly dataRates: readonly number[];
  readonly procedureStyle: ProcedureStyle;
  /** Knows the class request ABORT and PC_to_RDR_Abort. */
  readonly canAbort: boolean;
}

export const ENDPOINT = { BULK_OUT: 0x01, BULK_IN: 0x82, INTERRUPT_IN: 0x83 } as const;
export const BULK_PACKET_SIZE = 64;

/** dwFeatures, protocols and message length of each level, each taken after a reader that exists. */
export const LEVELS = {
  // SCR3310-NTTCom: TPDU, automatic voltage, clock, baud rate, PPS and parameters.
  'tpdu-t1': { dwFeatures: 0x000101ba, dwProtocols: 3, dwMaxCCIDMessageLength: 271 },
  'tpdu-t0': { dwFeatures: 0x000101ba, dwProtocols: 1, dwMaxCCIDMessageLength: 271 },
  'short-apdu': { dwFeatures: 0x000204fe, dwProtocols: 3, dwMaxCCIDMessageLength: 271 },
  'extended-apdu': { dwFeatures: 0x000404fe, dwProtocols: 3, dwMaxCCIDMessageLength: 522 },
  character: { dwFeatures: 0x00000030, dwProtocols: 3, dwMaxCCIDMessageLength: 271 },
} as const satisfies Record<SimulatedLevel, Partial<CcidReaderModel>>;

/** The configuration descriptor of a device with one CCID interface. */
export function encodeConfiguration(model: CcidReaderModel): Uint8Array {
  const endpoints = [
    7, 5, ENDPOINT.BULK_OUT, 2, BULK_PACKET_SIZE, 0, 0,
    7, 5, ENDPOINT.BULK_IN, 2, BULK_PACKET_SIZE, 0, 0,
    ...(model.hasInterrupt ? [7, 5, ENDPOINT.INTERRUPT_IN, 3, 8, 0, 16] : []),
  ]; // prettier-ignore
  const classDescriptor = encodeClassDescriptor(model);
  const block = [
    9, 4, 0, 0, model.hasInterrupt ? 3 : 2, model.interfaceClass, 0, 0, 0,
    ...(model.isDescriptorLast ? [...endpoints, ...classDescriptor] : [...classDescriptor, ...endpoints]),
  ]; // prettier-ignore
  const total = 9 + block.length;
  return Uint8Array.from([9, 2, total & 0xff, total >> 8, 1, 1, 0, 0x80, 50, ...block]);
}

/** The 54 bytes of CCID §5.1. */
export function encodeClassDescriptor(model: CcidReaderModel): number[] {
  return [
    54, 0x21, ...little(0x0110, 2), model.slotCount - 1, model.bVoltageSupport, ...little(model.dwProtocols, 4),
    ...little(4000, 4), ...little(12_000, 4), 0, ...little(10_752, 4), ...little(344_086, 4), model.dataRates.length,
    ...little(model.dwMaxIFSD, 4), ...little(0, 4), ...little(0, 4), ...little(model.dwFeatures, 4),
    ...little(model.dwMaxCCIDMessageLength, 4), 0xff, 0xff, 0, 0, model.bPINSupport, 1,
  ]; // prettier-ignore
}

function little(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256);
}
