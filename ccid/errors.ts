/** Every way a card dialogue can fail in the world, as opposed to a caller's mistake. Stable: applications switch on them. */
export const CARD_ERROR_CODES = [
  // reaching the reader
  'usb_unsupported',
  'no_reader_chosen',
  'reader_unknown',
  'token_unsupported',
  'reader_busy',
  'reader_denied',
  'reader_gone',
  'reader_fault',
  'protected_interface',
  // reaching the card
  'card_absent',
  'card_gone',
  'card_mute',
  'card_unsupported',
  'protocol_error',
  'timeout',
  'aborted',
  // what the card said
  'not_this_card',
  'not_found',
  'not_permitted',
  'wrong_data',
  'pin_wrong',
  'pin_blocked',
  'pin_last_attempt',
  'unexpected_status',
] as const;
export type CardErrorCode = (typeof CARD_ERROR_CODES)[number];

export interface CardErrorOptions extends ErrorOptions {
  /** With `pin_wrong` and `pin_last_attempt`: VERIFY commands the card still accepts. */
  readonly attemptsLeft?: number;
  /** SW1-SW2 as one number, when the card answered. */
  readonly statusWord?: number;
}

/** The one error class of this library: `code` is stable, the message is for developers and holds no card data. */
export class CardError extends Error {
  readonly code: CardErrorCode;
  readonly attemptsLeft: number | undefined;
  readonly statusWord: number | undefined;

  constructor(code: CardErrorCode, detail: string, options: CardErrorOptions = {}) {
    super(`${code}: ${detail}`, options);
    this.name = 'CardError';
    this.code = code;
    this.attemptsLeft = options.attemptsLeft;
    this.statusWord = options.statusWord;
  }
}

/** The abort of an `AbortSignal` as this library reports it. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CardError('aborted', 'the caller gave up', { cause: signal.reason });
}
