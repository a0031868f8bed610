/** The CCID class descriptor (CCID §5.1), field names of the specification, numbers as they stand. */
export interface CcidClassDescriptor {
  readonly bcdCCID: number;
  readonly bMaxSlotIndex: number;
  /** Bits: 1 = 5 V, 2 = 3 V, 4 = 1.8 V. */
  readonly bVoltageSupport: number;
  /** Bits: 1 = T=0, 2 = T=1. */
  readonly dwProtocols: number;
  /** kHz */
  readonly dwDefaultClock: number;
  /** kHz */
  readonly dwMaximumClock: number;
  readonly bNumClockSupported: number;
  /** bps */
  readonly dwDataRate: number;
  /** bps */
  readonly dwMaxDataRate: number;
  readonly bNumDataRatesSupported: number;
  readonly dwMaxIFSD: number;
  readonly dwSynchProtocols: number;
  readonly dwMechanical: number;
  readonly dwFeatures: number;
  readonly dwMaxCCIDMessageLength: number;
  readonly bClassGetResponse: number;
  readonly bClassEnvelope: number;
  readonly wLcdLayout: number;
  /** Bits: 1 = verification, 2 = modification on the reader's own keys. */
  readonly bPINSupport: number;
  readonly bMaxCCIDBusySlots: number;
}

/** Bits of dwFeatures (CCID §5.1). */
export const FEATURE = {
  AUTO_PARAMETERS_FROM_ATR: 0x02,
  AUTO_ACTIVATION: 0x04,
  AUTO_VOLTAGE: 0x08,
  AUTO_CLOCK: 0x10,
  AUTO_BAUD: 0x20,
  AUTO_NEGOTIATION: 0x40,
  AUTO_PPS: 0x80,
  CLOCK_STOP: 0x100,
  NAD: 0x200,
  AUTO_IFSD: 0x400,
  TPDU: 0x10000,
  SHORT_APDU: 0x20000,
  EXTENDED_APDU: 0x40000,
} as const;

/** How much of ISO 7816 the reader does by itself; the host does the rest. */
export type ExchangeLevel = 'character' | 'tpdu' | 'short-apdu' | 'extended-apdu';

export function exchangeLevel(descriptor: Pick<CcidClassDescriptor, 'dwFeatures'>): ExchangeLevel {
  // Some descriptors set several of the three bits; the highest level asks least of the host.
  if (descriptor.dwFeatures & FEATURE.EXTENDED_APDU) return 'extended-apdu';
  if (descriptor.dwFeatures & FEATURE.SHORT_APDU) return 'short-apdu';
  if (descriptor.dwFeatures & FEATURE.TPDU) return 'tpdu';
  return 'character';
}

export const CLASS_DESCRIPTOR_LENGTH = 54;
const CLASS_DESCRIPTOR_TYPE = 0x21;
/** Vendor-class readers that predate the class write FF. */
const VENDOR_DESCRIPTOR_TYPE = 0xff;

/** @throws {RangeError} when the bytes are not one class descriptor */
export function parseClassDescriptor(bytes: Uint8Array): CcidClassDescriptor {
  if (bytes.length !== CLASS_DESCRIPTOR_LENGTH || bytes[0] !== CLASS_DESCRIPTOR_LENGTH)
    throw new RangeError('a class descriptor has 54 bytes');
  if (bytes[1] !== CLASS_DESCRIPTOR_TYPE && bytes[1] !== VENDOR_DESCRIPTOR_TYPE)
    throw new RangeError('not a class descriptor');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u16 = (offset: number): number => view.getUint16(offset, true);
  const u32 = (offset: number): number => view.getUint32(offset, true);
  return {
    bcdCCID: u16(2),
    bMaxSlotIndex: view.getUint8(4),
    bVoltageSupport: view.getUint8(5),
    dwProtocols: u32(6),
    dwDefaultClock: u32(10),
    dwMaximumClock: u32(14),
    bNumClockSupported: view.getUint8(18),
    dwDataRate: u32(19),
    dwMaxDataRate: u32(23),
    bNumDataRatesSupported: view.getUint8(27),
    dwMaxIFSD: u32(28),
    dwSynchProtocols: u32(32),
    dwMechanical: u32(36),
    dwFeatures: u32(40),
    dwMaxCCIDMessageLength: u32(44),
    bClassGetResponse: view.getUint8(48),
    bClassEnvelope: view.getUint8(49),
    wLcdLayout: u16(50),
    bPINSupport: view.getUint8(52),
    bMaxCCIDBusySlots: view.getUint8(53),
  };
}
