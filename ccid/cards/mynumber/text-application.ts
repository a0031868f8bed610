import type { CardChannel } from '../../iso7816/card-channel.ts';
import { selectApplication, selectEf } from '../../iso7816/commands.ts';
import { exchange } from '../../iso7816/exchange.ts';
import { readDerEf, readEf } from '../../iso7816/read-file.ts';
import { requireOk } from '../../iso7816/status-word.ts';
import { changePin } from '../change-pin.ts';
import { type PinOptions, readTriesLeft, verifyPin } from '../pin.ts';
import { requirePinShape } from '../pin-shape.ts';
import { selectCardApplication } from '../select-application.ts';
import { DEFAULT_KEY, signDigest } from './compute-signature.ts';
import { TEXT_AID, TEXT_FILES } from './files.ts';
import { MY_NUMBER_FILE_SIZE_BYTES } from './text-records.ts';

/** P2 of VERIFY: the file that was selected before. */
const CURRENT_FILE = 0x80;

/** What opens files of the text application: its PIN, or a number that is printed on the card. */
export type TextReference = 'pin' | 'numberA' | 'numberB';

/** The records of the text application, as they stand on the card; `text-records.ts` parses them. */
export type TextRecord = 'attributes' | 'integrity' | 'certificate' | 'keyRecord';

/** The text application (券面事項入力補助AP), selected. Valid until another application is selected or the card is reset. */
export interface TextApplication {
  /** Tries left, without spending one; 0 is blocked. */
  readTriesLeft(reference?: TextReference, signal?: AbortSignal): Promise<number>;
  /**
   * The PIN has four digits and is a PIN of its own, number A twelve, number B fourteen: the caller's bytes, the caller
   * wipes them. Sent once.
   *
   * @throws {RangeError} when the bytes cannot be right; nothing was sent
   */
  verify(reference: TextReference, value: Uint8Array, options?: PinOptions): Promise<void>;
  /** New PIN after the old one was verified. */
  changePin(newPin: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** `certificate` is free, the others want what `TEXT_FILES` says. */
  readRecord(record: TextRecord, signal?: AbortSignal): Promise<Uint8Array>;
  /** EF 0001 with its filler. Who may ask for it and what for, the law says: the number act. Wants the PIN or number A. */
  readMyNumberFile(signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * RSASSA-PKCS1-v1_5 signature of a SHA-256 digest by the application's own key, **without any PIN**: it proves that
   * the card is there, not that its holder agrees.
   */
  sign(digest: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}

/** @throws {CardError} `not_this_card` when the card has no such application */
export async function selectText(channel: CardChannel, signal?: AbortSignal): Promise<TextApplication> {
  await selectCardApplication(channel, selectApplication(TEXT_AID), signal);
  const open = async (file: { readonly id: number }, signal?: AbortSignal): Promise<void> => {
    requireOk(await exchange(channel, selectEf(file.id), signal), 'SELECT');
  };
  return {
    async readTriesLeft(reference = 'pin', signal) {
      await open(TEXT_FILES[reference], signal);
      return readTriesLeft(channel, CURRENT_FILE, signal);
    },
    async verify(reference, value, options) {
      requirePinShape(value, TEXT_FILES[reference].shape);
      await open(TEXT_FILES[reference], options?.signal);
      await verifyPin(channel, CURRENT_FILE, value, options);
    },
    async changePin(newPin, signal) {
      requirePinShape(newPin, TEXT_FILES.pin.shape);
      await open(TEXT_FILES.pin, signal);
      await changePin(channel, CURRENT_FILE, newPin, signal);
    },
    async readRecord(record, signal) {
      await open(TEXT_FILES[record], signal);
      return readDerEf(channel, signal);
    },
    async readMyNumberFile(signal) {
      await open(TEXT_FILES.myNumber, signal);
      return readEf(channel, MY_NUMBER_FILE_SIZE_BYTES, signal);
    },
    sign: (digest, signal) => signDigest(channel, DEFAULT_KEY, digest, signal),
  };
}
