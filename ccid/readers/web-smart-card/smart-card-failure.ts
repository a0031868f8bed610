import { CardError, type CardErrorCode } from '../../errors.ts';

/** What was being asked when it failed. */
export type SmartCardStep = 'reach' | 'connect' | 'exchange';

/** `SmartCardError.responseCode` (Web Smart Card API §SmartCardResponseCode); PC/SC part 5 has the meanings. */
const BY_RESPONSE_CODE: Readonly<Record<string, Readonly<Record<SmartCardStep, CardErrorCode>>>> = {
  'no-service': always('usb_unsupported'),
  'no-smartcard': { reach: 'card_absent', connect: 'card_absent', exchange: 'card_gone' },
  'not-ready': always('reader_busy'),
  'not-transacted': always('protocol_error'),
  'proto-mismatch': always('card_unsupported'),
  'reader-unavailable': always('reader_gone'),
  'removed-card': { reach: 'card_absent', connect: 'card_absent', exchange: 'card_gone' },
  'reset-card': always('card_gone'),
  'server-too-busy': always('reader_busy'),
  'sharing-violation': always('reader_busy'),
  'system-cancelled': always('aborted'),
  'unknown-reader': always('reader_gone'),
  'unpowered-card': { reach: 'card_mute', connect: 'card_mute', exchange: 'card_gone' },
  'unresponsive-card': always('card_mute'),
  'unsupported-card': always('card_unsupported'),
  'unsupported-feature': always('reader_fault'),
};

const BY_NAME: Readonly<Record<string, Readonly<Record<SmartCardStep, CardErrorCode>>>> = {
  // The person refused, or the policy of the page does.
  NotAllowedError: always('reader_denied'),
  SecurityError: always('usb_unsupported'),
  // The service was stopped under an open context.
  InvalidStateError: always('reader_gone'),
  AbortError: always('aborted'),
  UnknownError: { reach: 'reader_fault', connect: 'reader_fault', exchange: 'protocol_error' },
};

function always(code: CardErrorCode): Readonly<Record<SmartCardStep, CardErrorCode>> {
  return { reach: code, connect: code, exchange: code };
}

/** The one place where the Web Smart Card API's rejections become this library's codes. */
export function smartCardFailure(step: SmartCardStep, cause: unknown): CardError {
  if (cause instanceof CardError) return cause;
  const name = cause instanceof Error ? cause.name : '';
  const responseCode = typeof cause === 'object' && cause && 'responseCode' in cause ? String(cause.responseCode) : '';
  const code = (BY_RESPONSE_CODE[responseCode] ?? BY_NAME[name])?.[step] ?? 'reader_fault';
  return new CardError(code, DETAIL[code] ?? `the smart card service says ${responseCode || name}`, { cause });
}

const DETAIL: Partial<Readonly<Record<CardErrorCode, string>>> = {
  usb_unsupported: 'no smart card service: ChromeOS needs the Smart Card Connector, the page the smart-card policy',
  reader_busy: 'another program uses the card',
  reader_denied: 'the page may not use this reader',
  card_absent: 'no card in the reader',
  card_gone: 'the card was taken away or reset',
  card_mute: 'the card does not answer',
};
