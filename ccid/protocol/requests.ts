import { HEADER_LENGTH, PC_TO_RDR, type RequestType } from './message-types.ts';

/** A bulk-out message before it has a slot and a sequence number (CCID §6.1). */
export interface CcidRequest {
  readonly bMessageType: RequestType;
  /** Bytes 7 to 9; their meaning depends on the message. */
  readonly specific: readonly [number, number, number];
  readonly abData: Uint8Array;
}

const NOTHING = new Uint8Array();

function request(
  bMessageType: RequestType,
  specific: readonly [number, number, number] = [0, 0, 0],
  abData: Uint8Array = NOTHING,
): CcidRequest {
  return { bMessageType, specific, abData };
}

/** `bPowerSelect`: 0 automatic, 1 5 V, 2 3 V, 3 1.8 V (§6.1.1). */
export const iccPowerOn = (bPowerSelect: number): CcidRequest => request(PC_TO_RDR.IccPowerOn, [bPowerSelect, 0, 0]);
/** §6.1.2 */
export const iccPowerOff = (): CcidRequest => request(PC_TO_RDR.IccPowerOff);
/** §6.1.3 */
export const getSlotStatus = (): CcidRequest => request(PC_TO_RDR.GetSlotStatus);

/** `bBWI` multiplies the block waiting time of this transfer; `wLevelParameter` depends on the exchange level (§6.1.4). */
export const xfrBlock = (abData: Uint8Array, bBWI = 0, wLevelParameter = 0): CcidRequest =>
  request(PC_TO_RDR.XfrBlock, [bBWI, wLevelParameter & 0xff, wLevelParameter >> 8], abData);

/** §6.1.5 */
export const getParameters = (): CcidRequest => request(PC_TO_RDR.GetParameters);
/** §6.1.6 */
export const resetParameters = (): CcidRequest => request(PC_TO_RDR.ResetParameters);
/** `bProtocolNum` 0 T=0, 1 T=1; the structure is 5 or 7 bytes (§6.1.7). */
export const setParameters = (bProtocolNum: number, abProtocolDataStructure: Uint8Array): CcidRequest =>
  request(PC_TO_RDR.SetParameters, [bProtocolNum, 0, 0], abProtocolDataStructure);

/** Vendor-defined bytes to the reader itself (§6.1.8). */
export const escape = (abData: Uint8Array): CcidRequest => request(PC_TO_RDR.Escape, [0, 0, 0], abData);
/** `bClockCommand`: 0 restart, 1 stop (§6.1.9). */
export const iccClock = (bClockCommand: 0 | 1): CcidRequest => request(PC_TO_RDR.IccClock, [bClockCommand, 0, 0]);
/** Class bytes that the reader uses for GET RESPONSE and ENVELOPE under T=0; FF echoes the command's (§6.1.10). */
export const t0Apdu = (bmChanges: number, bClassGetResponse: number, bClassEnvelope: number): CcidRequest =>
  request(PC_TO_RDR.T0APDU, [bmChanges, bClassGetResponse, bClassEnvelope]);
/** PIN entry on the reader's own keys (§6.1.11). */
export const secure = (abData: Uint8Array, bBWI = 0, wLevelParameter = 0): CcidRequest =>
  request(PC_TO_RDR.Secure, [bBWI, wLevelParameter & 0xff, wLevelParameter >> 8], abData);
/** `bFunction`: 1 accept, 2 eject, 3 capture, 4 lock, 5 unlock the card (§6.1.12). */
export const mechanical = (bFunction: 1 | 2 | 3 | 4 | 5): CcidRequest =>
  request(PC_TO_RDR.Mechanical, [bFunction, 0, 0]);
/** Goes with the class request ABORT of the same slot and sequence number (§6.1.13). */
export const abort = (): CcidRequest => request(PC_TO_RDR.Abort);
/** Clock in kHz and rate in bps, two double words (§6.1.14). */
export function setDataRateAndClockFrequency(dwClockFrequency: number, dwDataRate: number): CcidRequest {
  const abData = new Uint8Array(8);
  const view = new DataView(abData.buffer);
  view.setUint32(0, dwClockFrequency, true);
  view.setUint32(4, dwDataRate, true);
  return request(PC_TO_RDR.SetDataRateAndClockFrequency, [0, 0, 0], abData);
}

/** The whole message. @throws {RangeError} when a field does not fit its byte */
export function encodeRequest(
  { bMessageType, specific, abData }: CcidRequest,
  bSlot: number,
  bSeq: number,
): Uint8Array<ArrayBuffer> {
  const { length } = abData;
  const message = new Uint8Array(HEADER_LENGTH + length);
  message[0] = bMessageType;
  // dwLength, by hand: a DataView is dearer than all the rest, and every command comes along here.
  message[1] = length;
  message[2] = length >>> 8;
  message[3] = length >>> 16;
  message[4] = length >>> 24;
  message[5] = requireByte(bSlot);
  message[6] = requireByte(bSeq);
  message[7] = requireByte(specific[0]);
  message[8] = requireByte(specific[1]);
  message[9] = requireByte(specific[2]);
  message.set(abData, HEADER_LENGTH);
  return message;
}

function requireByte(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xff) throw new RangeError('a header field is not a byte');
  return value;
}
