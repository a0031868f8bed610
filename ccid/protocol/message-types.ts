/** bMessageType of bulk-out messages (CCID §6.1). */
export const PC_TO_RDR = {
  SetParameters: 0x61,
  IccPowerOn: 0x62,
  IccPowerOff: 0x63,
  GetSlotStatus: 0x65,
  Secure: 0x69,
  T0APDU: 0x6a,
  Escape: 0x6b,
  GetParameters: 0x6c,
  ResetParameters: 0x6d,
  IccClock: 0x6e,
  XfrBlock: 0x6f,
  Mechanical: 0x71,
  Abort: 0x72,
  SetDataRateAndClockFrequency: 0x73,
} as const;
export type RequestType = (typeof PC_TO_RDR)[keyof typeof PC_TO_RDR];

/** bMessageType of bulk-in messages (CCID §6.2). */
export const RDR_TO_PC = {
  DataBlock: 0x80,
  SlotStatus: 0x81,
  Parameters: 0x82,
  Escape: 0x83,
  DataRateAndClockFrequency: 0x84,
} as const;
export type ReplyType = (typeof RDR_TO_PC)[keyof typeof RDR_TO_PC];

/** Bytes before abData in every bulk message. */
export const HEADER_LENGTH = 10;

/** Which reply a request is answered with (CCID §6.1, table 6.1-1). */
export const REPLY_TO: Readonly<Record<RequestType, ReplyType>> = {
  [PC_TO_RDR.SetParameters]: RDR_TO_PC.Parameters,
  [PC_TO_RDR.IccPowerOn]: RDR_TO_PC.DataBlock,
  [PC_TO_RDR.IccPowerOff]: RDR_TO_PC.SlotStatus,
  [PC_TO_RDR.GetSlotStatus]: RDR_TO_PC.SlotStatus,
  [PC_TO_RDR.Secure]: RDR_TO_PC.DataBlock,
  [PC_TO_RDR.T0APDU]: RDR_TO_PC.SlotStatus,
  [PC_TO_RDR.Escape]: RDR_TO_PC.Escape,
  [PC_TO_RDR.GetParameters]: RDR_TO_PC.Parameters,
  [PC_TO_RDR.ResetParameters]: RDR_TO_PC.Parameters,
  [PC_TO_RDR.IccClock]: RDR_TO_PC.SlotStatus,
  [PC_TO_RDR.XfrBlock]: RDR_TO_PC.DataBlock,
  [PC_TO_RDR.Mechanical]: RDR_TO_PC.SlotStatus,
  [PC_TO_RDR.Abort]: RDR_TO_PC.SlotStatus,
  [PC_TO_RDR.SetDataRateAndClockFrequency]: RDR_TO_PC.DataRateAndClockFrequency,
};

/** The specification's name of a message, for traces. */
export function messageName(bMessageType: number): string {
  for (const [name, code] of Object.entries(PC_TO_RDR)) if (code === bMessageType) return `PC_to_RDR_${name}`;
  for (const [name, code] of Object.entries(RDR_TO_PC)) if (code === bMessageType) return `RDR_to_PC_${name}`;
  return `message ${bMessageType.toString(16).padStart(2, '0')}`;
}
