import type { CardChannel } from '../../iso7816/card-channel.ts';
import { selectApplication, selectEf } from '../../iso7816/commands.ts';
import { exchange } from '../../iso7816/exchange.ts';
import { readDerEf } from '../../iso7816/read-file.ts';
import { requireOk } from '../../iso7816/status-word.ts';
import { type PinOptions, readTriesLeft, verifyPin } from '../pin.ts';
import { selectCardApplication } from '../select-application.ts';
import { computeSignature, DEFAULT_KEY } from './compute-signature.ts';
import { TEXT_AID, TEXT_FILES } from './files.ts';
import { parseTextAttributes, type TextAttributes } from './text-records.ts';

/** P2 of VERIFY: the file that was selected before. */
const CURRENT_FILE = 0x80;

/** The text application (券面事項入力補助AP), selected. Valid until another application is selected or the card is reset. */
export interface TextApplication {
  readTriesLeft(signal?: AbortSignal): Promise<number>;
  /** Four digits, a PIN of its own: the caller's bytes, the caller wipes them. Sent once. */
  verifyPin(pin: Uint8Array, options?: PinOptions): Promise<void>;
  /** Name, address, birth date and sex; wants the PIN. */
  readAttributes(signal?: AbortSignal): Promise<TextAttributes>;
  /** EF 0007 as it stands on the card, for `parseTextKeyRecord`; wants the PIN. */
  readKeyRecord(signal?: AbortSignal): Promise<Uint8Array>;
  /** EF 0004 as it stands on the card, for `parseCardVerifiableCertificate`; free. */
  readCertificate(signal?: AbortSignal): Promise<Uint8Array>;
  /** EF 0003 as it stands on the card, for `parseIntegrityRecord`; wants the PIN. */
  readIntegrityRecord(signal?: AbortSignal): Promise<Uint8Array>;
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
  const read = async (file: { readonly id: number }, signal?: AbortSignal): Promise<Uint8Array> => {
    await open(file, signal);
    return readDerEf(channel, signal);
  };
  return {
    async readTriesLeft(signal) {
      await open(TEXT_FILES.pin, signal);
      return readTriesLeft(channel, CURRENT_FILE, signal);
    },
    async verifyPin(pin, options) {
      await open(TEXT_FILES.pin, options?.signal);
      await verifyPin(channel, CURRENT_FILE, pin, options);
    },
    readAttributes: async (signal) => parseTextAttributes(await read(TEXT_FILES.attributes, signal)),
    readKeyRecord: (signal) => read(TEXT_FILES.keyRecord, signal),
    readCertificate: (signal) => read(TEXT_FILES.certificate, signal),
    readIntegrityRecord: (signal) => read(TEXT_FILES.integrity, signal),
    sign: (digest, signal) => computeSignature(channel, DEFAULT_KEY, digest, signal),
  };
}
