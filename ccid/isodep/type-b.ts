import { concatBytes } from '../iso7816/bytes.ts';

/** SENSB_RES (ATQB), the answer of a Type B card to a poll (ISO 14443-3 §7.9). */
export interface TypeBCard {
  /** Pseudo-unique identifier, four bytes; many cards choose a new one at each activation. */
  readonly pupi: Uint8Array;
  /** Four bytes. */
  readonly applicationData: Uint8Array;
  /** Three bytes, or four in the extended answer. */
  readonly protocolInfo: Uint8Array;
}

/** What the protocol info says (§7.9.4). */
export interface TypeBProtocol {
  /** Longest frame the card accepts, bytes with CRC. */
  readonly fsc: number;
  /** Frame waiting time, milliseconds. */
  readonly fwtMs: number;
  readonly supportsIsoDep: boolean;
}

const SENSB_RES = 0x50;
const FRAME_SIZES = [16, 24, 32, 40, 48, 64, 96, 128, 256, 512, 1024, 2048, 4096] as const;
const FRAME_SIZE_LARGEST = 4096;
/** fc of ISO 14443, kHz. */
const CARRIER_KHZ = 13_560;
/** Reserved FWI 15 counts as 4 (§7.9.4.3). */
const FWI_DEFAULT = 4;

/** Polls every application family, one slot, and takes the extended answer too (§7.7). */
export const SENSB_REQ: Uint8Array = Uint8Array.of(0x05, 0x00, 0x10);
/** The same for cards that were put to sleep too: WUPB. */
export const ALLB_REQ: Uint8Array = Uint8Array.of(0x05, 0x00, 0x18);

/** @throws {RangeError} when the frame is not a SENSB_RES */
export function parseSensbRes(frame: Uint8Array): TypeBCard {
  if (frame[0] !== SENSB_RES || frame.length < 12 || frame.length > 13) throw new RangeError('not a SENSB_RES');
  return { pupi: frame.slice(1, 5), applicationData: frame.slice(5, 9), protocolInfo: frame.slice(9) };
}

export function encodeSensbRes({ pupi, applicationData, protocolInfo }: TypeBCard): Uint8Array<ArrayBuffer> {
  return concatBytes(Uint8Array.of(SENSB_RES), pupi, applicationData, protocolInfo);
}

/** @throws {RangeError} when there are fewer than three bytes */
export function parseProtocolInfo(protocolInfo: Uint8Array): TypeBProtocol {
  const [, sizeAndType, fwiAndMore] = protocolInfo;
  if (sizeAndType === undefined || fwiAndMore === undefined) throw new RangeError('protocol info has three bytes');
  const fwi = fwiAndMore >> 4;
  return {
    fsc: FRAME_SIZES[sizeAndType >> 4] ?? FRAME_SIZE_LARGEST,
    fwtMs: ((256 * 16) / CARRIER_KHZ) * 2 ** (fwi === 15 ? FWI_DEFAULT : fwi),
    supportsIsoDep: (sizeAndType & 1) === 1,
  };
}

/**
 * ATTRIB (§7.10): selects the card with default guard times and SOF and EOF, frames of up to 256 bytes to the reader,
 * 106 kbit/s both ways, ISO 14443-4, CID 0.
 */
export function encodeAttrib(pupi: Uint8Array): Uint8Array<ArrayBuffer> {
  if (pupi.length !== 4) throw new RangeError('a PUPI has four bytes');
  return concatBytes(Uint8Array.of(0x1d), pupi, Uint8Array.of(0x00, 0x08, 0x01, 0x00));
}

/** MBLI from the answer to ATTRIB (§7.11). @throws {RangeError} when it is not one for CID 0 */
export function parseAttribRes(frame: Uint8Array): { readonly mbli: number } {
  const [first] = frame;
  if (first === undefined || (first & 0x0f) !== 0) throw new RangeError('not an answer to ATTRIB');
  return { mbli: first >> 4 };
}
