export { CARD_ERROR_CODES, CardError, type CardErrorCode, type CardErrorOptions } from './errors.ts';
export type { CardChannel } from './iso7816/card-channel.ts';
export {
  encodeCommand,
  parseCommand,
  encodeResponse,
  parseResponse,
  type CommandApdu,
  type ResponseApdu,
} from './iso7816/apdu.ts';
export { concatBytes, encodeHex, equalBytes, parseHex } from './iso7816/bytes.ts';
export * from './iso7816/commands.ts';
export { exchange } from './iso7816/exchange.ts';
export { readDerEf, readDerSfi, readEf } from './iso7816/read-file.ts';
export { attemptsLeft, describeStatusWord, requireOk, STATUS_WORD, statusError } from './iso7816/status-word.ts';
export {
  encodeTlv,
  findTlv,
  isConstructed,
  parseTlv,
  parseTlvHeader,
  parseTlvs,
  type Tlv,
  type TlvHeader,
} from './iso7816/tlv.ts';
export { parseAtr, type Atr, type InterfaceBytes, type SpecificMode, type T1Parameters } from './iso7816/atr.ts';
export { requestReader } from './readers/request-reader.ts';
export { watchReaders } from './readers/watch-readers.ts';
export type {
  CardConnection,
  CardState,
  PinPad,
  Reader,
  ReaderFacts,
  ReaderFailure,
  ReaderWatch,
} from './readers/reader.ts';
export type { ReaderOptions, RequestOptions } from './readers/reader-options.ts';
export type { ReaderPlaces } from './readers/reader-places.ts';
export type { SmartCardApi } from './readers/web-smart-card/smart-card-api.ts';
export type { ExchangeLevel } from './protocol/class-descriptor.ts';
export type { SlotTimeouts } from './protocol/slot.ts';
export type { Trace, TraceEvent } from './protocol/trace.ts';
export type { Clock } from './transport/clock.ts';
export type { UsbApi, UsbDevice, UsbDeviceFilter } from './transport/usb-api.ts';
export type { PinEntryOptions, PinFormat, PinModificationOptions } from './protocol/pin-pad.ts';
