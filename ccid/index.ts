export { CARD_ERROR_CODES, CardError, type CardErrorCode } from './errors.ts';
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
