import { CardError } from '../../errors.ts';
import type { CardChannel } from '../../iso7816/card-channel.ts';
import { readBinarySfi, selectApplication } from '../../iso7816/commands.ts';
import { exchange } from '../../iso7816/exchange.ts';
import { readDerSfi } from '../../iso7816/read-file.ts';
import { requireOk, STATUS_WORD } from '../../iso7816/status-word.ts';
import { changePin } from '../change-pin.ts';
import { type PinOptions, readTriesLeft, verifyPin } from '../pin.ts';
import { requirePinShape } from '../pin-shape.ts';
import { selectCardApplication } from '../select-application.ts';
import { computeSignature, type SignatureForm, signDigest } from './compute-signature.ts';
import { JPKI_AID, JPKI_FILES, shortReference } from './files.ts';

/** The two identities of the application. */
export type JpkiIdentity = 'auth' | 'sign';

/** What the application runs on, by its token string (EF 0006). */
export type JpkiDevice = 'card' | 'resident-card' | 'android' | 'iphone' | 'unknown';

const DEVICES: Readonly<Record<string, JpkiDevice>> = {
  JPKIAPICCTOKEN2: 'card',
  JPKIAPICCTOKEN: 'resident-card',
  JPKIAPGPSETOKEN: 'android',
  JPKIAPIOSTOKEN: 'iphone',
};
const TOKEN_TYPE_SIZE_BYTES = 32;
const IS_THERE = 0x8f;

const IDENTITIES = {
  auth: {
    certificate: JPKI_FILES.authCertificate,
    caCertificate: JPKI_FILES.authCaCertificate,
    key: JPKI_FILES.authKey,
    pin: JPKI_FILES.authPin,
  },
  sign: {
    certificate: JPKI_FILES.signCertificate,
    caCertificate: JPKI_FILES.signCaCertificate,
    key: JPKI_FILES.signKey,
    pin: JPKI_FILES.signPassword,
  },
} as const;

/**
 * The JPKI application (公的個人認証AP), selected. Valid until another application is selected or the card is reset;
 * files and keys are named by their short identifiers, which saves a SELECT each.
 */
export interface JpkiApplication {
  /** DER. `auth` is free on a card and wants the PIN on a phone; `sign` always wants its password. */
  readCertificate(identity: JpkiIdentity, signal?: AbortSignal): Promise<Uint8Array>;
  /** DER, free. Never a trust anchor: it comes from the card that is to be checked. */
  readCaCertificate(identity: JpkiIdentity, signal?: AbortSignal): Promise<Uint8Array>;
  readDevice(signal?: AbortSignal): Promise<JpkiDevice>;
  /** Which certificates are on the card (EF 0008), where the card says so. */
  readAvailability(signal?: AbortSignal): Promise<Readonly<Record<JpkiIdentity, boolean>>>;
  /** Tries left of the PIN or password, without spending one; 0 is blocked. */
  readTriesLeft(identity: JpkiIdentity, signal?: AbortSignal): Promise<number>;
  /**
   * Four digits, or the password in capitals: the caller's bytes, the caller wipes them. Sent once.
   *
   * @throws {RangeError} when the bytes cannot be right; nothing was sent
   */
  verifyPin(identity: JpkiIdentity, pin: Uint8Array, options?: PinOptions): Promise<void>;
  /** New PIN or password after a successful `verifyPin`. */
  changePin(identity: JpkiIdentity, newPin: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** RSASSA-PKCS1-v1_5 signature of a SHA-256 digest. */
  sign(identity: JpkiIdentity, digest: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
  /** A signature in another form that the card knows. */
  signAs(identity: JpkiIdentity, form: SignatureForm, data: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}

/** @throws {CardError} `not_this_card` when the card has no such application */
export async function selectJpki(channel: CardChannel, signal?: AbortSignal): Promise<JpkiApplication> {
  await selectCardApplication(channel, selectApplication(JPKI_AID), signal);
  const read = (file: { readonly id: number }, signal?: AbortSignal) =>
    readDerSfi(channel, shortReference(file) & 0x1f, signal);
  return {
    readCertificate: (identity, signal) => read(IDENTITIES[identity].certificate, signal),
    readCaCertificate: (identity, signal) => read(IDENTITIES[identity].caCertificate, signal),
    readDevice: (signal) => readDevice(channel, signal),
    readAvailability: (signal) => readAvailability(channel, signal),
    readTriesLeft: (identity, signal) => readTriesLeft(channel, shortReference(IDENTITIES[identity].pin), signal),
    async verifyPin(identity, pin, options) {
      requirePinShape(pin, IDENTITIES[identity].pin.shape);
      await verifyPin(channel, shortReference(IDENTITIES[identity].pin), pin, options);
    },
    async changePin(identity, newPin, signal) {
      requirePinShape(newPin, IDENTITIES[identity].pin.shape);
      await changePin(channel, shortReference(IDENTITIES[identity].pin), newPin, signal);
    },
    sign: (identity, digest, signal) => signDigest(channel, shortReference(IDENTITIES[identity].key), digest, signal),
    signAs: (identity, form, data, signal) =>
      computeSignature(channel, shortReference(IDENTITIES[identity].key), form, data, signal),
  };
}

async function readDevice(channel: CardChannel, signal?: AbortSignal): Promise<JpkiDevice> {
  const data = await readStart(channel, JPKI_FILES.token, TOKEN_TYPE_SIZE_BYTES, signal);
  return DEVICES[new TextDecoder('latin1').decode(data).trimEnd()] ?? 'unknown';
}

async function readAvailability(
  channel: CardChannel,
  signal?: AbortSignal,
): Promise<Readonly<Record<JpkiIdentity, boolean>>> {
  const data = await readStart(channel, JPKI_FILES.availability, 3, signal);
  return { sign: data[0] === IS_THERE, auth: data[1] === IS_THERE };
}

/** The first bytes of a file; fewer when the file is shorter. */
async function readStart(
  channel: CardChannel,
  file: { readonly id: number },
  sizeBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const response = await exchange(channel, readBinarySfi(file.id & 0x1f, 0, sizeBytes), signal);
  if (response.sw === STATUS_WORD.END_OF_FILE) return response.data;
  const data = requireOk(response, 'READ BINARY');
  if (data.length > sizeBytes) throw new CardError('protocol_error', 'more bytes than asked for');
  return data;
}
