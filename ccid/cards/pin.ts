import { CardError } from '../errors.ts';
import { encodeCommand, type CommandApdu, parseResponse } from '../iso7816/apdu.ts';
import type { CardChannel } from '../iso7816/card-channel.ts';
import { verify, verifyStatus } from '../iso7816/commands.ts';
import { exchange } from '../iso7816/exchange.ts';
import { attemptsLeft, STATUS_WORD, statusError } from '../iso7816/status-word.ts';

/** How a PIN may be tried. */
export interface PinOptions {
  readonly signal?: AbortSignal;
  /** Spend the last try too. Only a person who was told that it is the last may say so. */
  readonly allowLastAttempt?: boolean;
}

/** VERIFY answers 6300 when a reference has no counter (ISO 7816-4 §5.6). */
export const UNLIMITED = Number.POSITIVE_INFINITY;

/**
 * How many wrong values the card still accepts, without spending one; 0 is blocked.
 *
 * @param reference P2 of VERIFY: 80 for the selected file, 80 | short identifier
 */
export async function readTriesLeft(channel: CardChannel, reference: number, signal?: AbortSignal): Promise<number> {
  const { sw } = await exchange(channel, verifyStatus(reference), signal);
  // A card may say 9000 when the PIN is verified already, which is as good as having tries.
  if (sw === STATUS_WORD.OK || sw === STATUS_WORD.AUTHENTICATION_FAILED) return UNLIMITED;
  if (isBlocked(sw)) return 0;
  return attemptsLeft(sw) ?? raise(sw, 'VERIFY without data');
}

/**
 * Reads the retry counter, then verifies the PIN once. It is never sent again, whatever happens. The bytes that carried
 * it are wiped; `pin` itself belongs to the caller, who wipes it.
 *
 * @throws {CardError} `pin_wrong` with `attemptsLeft`; `pin_blocked`; `pin_last_attempt` without having tried
 */
export async function verifyPin(
  channel: CardChannel,
  reference: number,
  pin: Uint8Array,
  options: PinOptions = {},
): Promise<void> {
  const left = await readTriesLeft(channel, reference, options.signal);
  if (left === 0) throw new CardError('pin_blocked', 'no tries left', { attemptsLeft: 0 });
  if (left === 1 && options.allowLastAttempt !== true)
    throw new CardError('pin_last_attempt', 'one try left and the caller did not allow it', { attemptsLeft: 1 });
  const sw = await transmitSecret(channel, verify(reference, pin), options.signal);
  if (sw === STATUS_WORD.OK) return;
  if (isBlocked(sw)) throw new CardError('pin_blocked', 'VERIFY', { attemptsLeft: 0, statusWord: sw });
  throw statusError(sw, 'VERIFY');
}

/** Sends a command whose data is secret, once, wipes the encoded bytes and answers the status word. */
export async function transmitSecret(
  channel: CardChannel,
  command: CommandApdu,
  signal?: AbortSignal,
): Promise<number> {
  const bytes = encodeCommand(command);
  try {
    const answer = await channel.transmit(bytes, signal);
    if (answer.length < 2) throw new CardError('protocol_error', 'an answer without status word');
    return parseResponse(answer).sw;
  } finally {
    bytes.fill(0);
  }
}

/** JICSAP cards say 6984 where ISO 7816-4 has 6983. */
function isBlocked(sw: number): boolean {
  return sw === STATUS_WORD.METHOD_BLOCKED || sw === STATUS_WORD.REFERENCE_DATA_NOT_USABLE || attemptsLeft(sw) === 0;
}

function raise(sw: number, what: string): never {
  throw statusError(sw, what);
}
