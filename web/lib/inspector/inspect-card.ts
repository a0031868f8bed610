import { type CardChannel, CardError } from 'webusb-ccid';
import { type HpkiApplication, openHpkiAuthentication, openHpkiSign } from 'webusb-ccid/hpki';
import { inspectMyNumber, type JpkiDevice } from 'webusb-ccid/mynumber';
import { type CertificateChain, readChain } from './certificate-chain.ts';
import { findKnownApplication, type KnownApplication } from './known-applications.ts';

/** One identity of a My Number Card. */
export interface IdentityFacts {
  readonly isThere: boolean;
  readonly triesLeft: number;
  /** Absent where the card wants a PIN first. */
  readonly chain: CertificateChain | undefined;
}

/** One application of an HPKI card. */
export interface HpkiFacts {
  readonly layout: 'iso7816-15' | 'jma';
  readonly wantsPinEachTime: boolean;
  readonly triesLeft: number;
  readonly authorityCount: number;
  readonly chain: CertificateChain | undefined;
}

/** What a card shows to anybody. Nothing in it cost a try. */
export type CardInspection =
  | {
      readonly kind: 'mynumber';
      readonly device: JpkiDevice;
      readonly auth: IdentityFacts;
      readonly sign: IdentityFacts;
      /** Tries left of the text application's PIN; absent on a phone. */
      readonly textTriesLeft: number | undefined;
      /** Tries left of the birth date; absent on a phone. */
      readonly birthDateTriesLeft: number | undefined;
    }
  | { readonly kind: 'hpki'; readonly sign: HpkiFacts; readonly authentication: HpkiFacts | undefined }
  | { readonly kind: 'other'; readonly application: KnownApplication | undefined };

/** Finds out what lies on the reader and looks at everything that is free to see. @throws {CardError} */
export async function inspectCard(channel: CardChannel, signal?: AbortSignal): Promise<CardInspection> {
  const myNumber = await whenThere(() => inspectMyNumberCard(channel, signal));
  if (myNumber) return myNumber;
  const sign = await whenThere(() => openHpkiSign(channel, signal).then((found) => inspectHpki(found, signal)));
  if (!sign) return { kind: 'other', application: await findKnownApplication(channel, signal) };
  const authentication = await whenThere(() =>
    openHpkiAuthentication(channel, signal).then((found) => inspectHpki(found, signal)),
  );
  return { kind: 'hpki', sign, authentication };
}

async function inspectMyNumberCard(channel: CardChannel, signal?: AbortSignal): Promise<CardInspection> {
  const { device, auth, sign, text, surface } = await inspectMyNumber(channel, signal);
  const describe = async ({ isThere, triesLeft, certificate, caCertificate }: typeof auth): Promise<IdentityFacts> => ({
    isThere,
    triesLeft,
    chain: certificate && (await readChain(certificate, [caCertificate])),
  });
  return {
    kind: 'mynumber',
    device,
    auth: await describe(auth),
    sign: await describe(sign),
    textTriesLeft: text?.triesLeft,
    birthDateTriesLeft: surface?.triesLeft,
  };
}

async function inspectHpki(application: HpkiApplication, signal?: AbortSignal): Promise<HpkiFacts> {
  const certificate = await application.readCertificate(signal);
  const authorities = await application.readAuthorities(signal);
  return {
    layout: application.layout.source,
    wantsPinEachTime: application.layout.wantsPinEachTime,
    triesLeft: await application.readTriesLeft(signal),
    authorityCount: authorities.length,
    chain: await readChain(certificate, authorities),
  };
}

async function whenThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CardError && error.code === 'not_this_card') return undefined;
    throw error;
  }
}
