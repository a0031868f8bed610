import { parseHex } from '../../iso7816/bytes.ts';

/** Names of the two HPKI applications (JAHIS 24-002, assigned by the ministry). */
export const HPKI_SIGN_AID = parseHex('E8 28 BD 08 0F A0 00 00 03 91 00 00 00 00 00 01');
export const HPKI_AUTHENTICATION_AID = parseHex('E8 28 BD 08 0F A0 00 00 03 91 00 00 00 00 00 02');

/** Where a file of the application is. */
export type FileReference =
  { readonly kind: 'short'; readonly sfi: number } | { readonly kind: 'identifier'; readonly id: number };

/** What a program must know of an application before it can read and sign. */
export interface HpkiLayout {
  /** Where the knowledge comes from: read from the card (ISO 7816-15), or known of the cards of the Japan Medical Association. */
  readonly source: 'iso7816-15' | 'jma';
  readonly certificate: FileReference;
  /** CA certificates on the card, in the order in which its directory lists them. */
  readonly authorities: readonly FileReference[];
  /** P2 of VERIFY. */
  readonly pinReference: number;
  /** The key as MANAGE SECURITY ENVIRONMENT names it: a file `81` or a key `84`. */
  readonly key: { readonly tag: 0x81 | 0x84; readonly id: number };
  /** The PIN is wanted before every signature (`userConsent` 1). */
  readonly wantsPinEachTime: boolean;
}

/** Cards of the Japan Medical Association, which publish no directory: what a public program found on one. */
export const JMA_LAYOUT: HpkiLayout = {
  source: 'jma',
  certificate: { kind: 'identifier', id: 0x0016 },
  authorities: [],
  pinReference: 0x88,
  key: { tag: 0x84, id: 0x000c },
  wantsPinEachTime: true,
};

/** Short identifier of the object directory (OD) in every ISO 7816-15 application. */
export const OBJECT_DIRECTORY_SFI = 0x11;
