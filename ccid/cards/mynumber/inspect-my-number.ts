import { CardError } from '../../errors.ts';
import type { CardChannel } from '../../iso7816/card-channel.ts';
import { type JpkiApplication, type JpkiDevice, type JpkiIdentity, selectJpki } from './jpki-application.ts';
import { selectSurface } from './surface-application.ts';
import { selectText } from './text-application.ts';

/** One identity of the JPKI application, as far as it shows itself without PIN. */
export interface IdentityInspection {
  readonly isThere: boolean;
  readonly triesLeft: number;
  /** DER; absent where the card wants a PIN first. */
  readonly certificate?: Uint8Array;
  /** DER, as the card claims it. */
  readonly caCertificate: Uint8Array;
}

/** What a My Number Card or a phone says of itself to anybody. Nothing in it cost a try, and no number of a person is read. */
export interface MyNumberInspection {
  readonly device: JpkiDevice;
  readonly auth: IdentityInspection;
  readonly sign: IdentityInspection;
  /** Absent on a phone. */
  readonly text?: { readonly triesLeft: number; readonly certificate: Uint8Array };
  /** Absent on a phone. */
  readonly surface?: { readonly triesLeft: number; readonly certificate: Uint8Array };
}

/** Looks at everything that is free to see. @throws {CardError} `not_this_card` */
export async function inspectMyNumber(channel: CardChannel, signal?: AbortSignal): Promise<MyNumberInspection> {
  const jpki = await selectJpki(channel, signal);
  const device = await jpki.readDevice(signal);
  const availability = await jpki.readAvailability(signal);
  const auth = await inspectIdentity(jpki, 'auth', availability.auth, signal);
  const sign = await inspectIdentity(jpki, 'sign', availability.sign, signal);
  const text = await unless('not_this_card', async () => {
    const application = await selectText(channel, signal);
    return {
      triesLeft: await application.readTriesLeft('pin', signal),
      certificate: await application.readRecord('certificate', signal),
    };
  });
  const surface = await unless('not_this_card', async () => {
    const application = await selectSurface(channel, signal);
    return {
      triesLeft: await application.readTriesLeft('birthDate', signal),
      certificate: await application.readRecord('certificate', signal),
    };
  });
  return { device, auth, sign, ...(text && { text }), ...(surface && { surface }) };
}

async function inspectIdentity(
  jpki: JpkiApplication,
  identity: JpkiIdentity,
  isThere: boolean,
  signal?: AbortSignal,
): Promise<IdentityInspection> {
  const triesLeft = await jpki.readTriesLeft(identity, signal);
  const certificate = await unless('not_permitted', () => jpki.readCertificate(identity, signal));
  const caCertificate = await jpki.readCaCertificate(identity, signal);
  return { isThere, triesLeft, caCertificate, ...(certificate && { certificate }) };
}

/** What it reads, or `undefined` when the card refuses for the one expected reason. */
async function unless<T>(code: 'not_this_card' | 'not_permitted', read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CardError && error.code === code) return undefined;
    throw error;
  }
}
