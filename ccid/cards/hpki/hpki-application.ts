import type { CardChannel } from '../../iso7816/card-channel.ts';
import { selectApplicationWithFci, selectEf } from '../../iso7816/commands.ts';
import { exchange } from '../../iso7816/exchange.ts';
import { readDerEf, readDerSfi } from '../../iso7816/read-file.ts';
import { requireOk } from '../../iso7816/status-word.ts';
import { type PinOptions, readTriesLeft, verifyPin } from '../pin.ts';
import { type PinShape, requirePinShape } from '../pin-shape.ts';
import { selectCardApplication } from '../select-application.ts';
import { type FileReference, HPKI_AUTHENTICATION_AID, HPKI_SIGN_AID, type HpkiLayout } from './files.ts';
import { readHpkiLayout } from './read-layout.ts';
import { encodeSignatureBlock, signBlock } from './sign-block.ts';

/** JAHIS 24-002. */
const HPKI_PIN: PinShape = { minLength: 4, maxLength: 16, characters: 'printable' };

/**
 * An HPKI application, selected. Valid until another application is selected or the card is reset. Whether it really is
 * HPKI, its certificate decides, which is for the caller to check.
 */
export interface HpkiApplication {
  readonly layout: HpkiLayout;
  /** The holder's certificate, DER; free. */
  readCertificate(signal?: AbortSignal): Promise<Uint8Array>;
  /** CA certificates on the card, DER; free. Never trust anchors: they come from the card that is to be checked. */
  readAuthorities(signal?: AbortSignal): Promise<readonly Uint8Array[]>;
  readTriesLeft(signal?: AbortSignal): Promise<number>;
  /** 4 to 16 ASCII characters: the caller's bytes, the caller wipes them. Sent once; holds for one signature where `layout` says so. */
  verifyPin(pin: Uint8Array, options?: PinOptions): Promise<void>;
  /** RSASSA-PKCS1-v1_5 signature of a SHA-256 digest. */
  sign(digest: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}

/** The application whose key signs documents (nonRepudiation). @throws {CardError} `not_this_card` */
export function openHpkiSign(channel: CardChannel, signal?: AbortSignal): Promise<HpkiApplication> {
  return openHpki(channel, HPKI_SIGN_AID, signal);
}

/** The application whose key authenticates. @throws {CardError} `not_this_card` */
export function openHpkiAuthentication(channel: CardChannel, signal?: AbortSignal): Promise<HpkiApplication> {
  return openHpki(channel, HPKI_AUTHENTICATION_AID, signal);
}

async function openHpki(channel: CardChannel, aid: Uint8Array, signal?: AbortSignal): Promise<HpkiApplication> {
  await selectCardApplication(channel, selectApplicationWithFci(aid), signal);
  const layout = await readHpkiLayout(channel, signal);
  return {
    layout,
    readCertificate: (signal) => readCertificate(channel, layout.certificate, signal),
    async readAuthorities(signal) {
      const certificates: Uint8Array[] = [];
      for (const file of layout.authorities) certificates.push(await readCertificate(channel, file, signal));
      return certificates;
    },
    readTriesLeft: (signal) => readTriesLeft(channel, layout.pinReference, signal),
    async verifyPin(pin, options) {
      requirePinShape(pin, HPKI_PIN);
      await verifyPin(channel, layout.pinReference, pin, options);
    },
    sign: (digest, signal) => signBlock(channel, layout.key, encodeSignatureBlock(digest), signal),
  };
}

async function readCertificate(channel: CardChannel, file: FileReference, signal?: AbortSignal): Promise<Uint8Array> {
  if (file.kind === 'short') return readDerSfi(channel, file.sfi, signal);
  requireOk(await exchange(channel, selectEf(file.id), signal), 'SELECT');
  return readDerEf(channel, signal);
}
