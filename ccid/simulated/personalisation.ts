/**
 * What an issuer writes on a simulated card. Plain JSON, so that a generated person can be stored, sent to a
 * browser and laid on a simulated reader there. Test keys only: the private keys stand in it.
 */
export type CardPersonalisation = MyNumberPersonalisation | HpkiPersonalisation | ForeignPersonalisation;

/** Bytes as standard base64 (RFC 4648 §4) with padding. */
export type Base64 = string;

/** The public members of an RSA JSON Web Key (RFC 7518 §6.3.1), base64url. */
export interface RsaPublicJwk {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
}

/** An RSA private key with its Chinese-remainder members (RFC 7518 §6.3.2), base64url. RSA-2048 on every card here. */
export interface RsaPrivateJwk extends RsaPublicJwk {
  readonly d: string;
  readonly p: string;
  readonly q: string;
  readonly dp: string;
  readonly dq: string;
  readonly qi: string;
}

/** The four basic attributes (基本4情報) of the text application's EF 0002. */
export interface CardAttributes {
  /** Family and given name with an ideographic space between. */
  readonly name: string;
  readonly address: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  /** 1 male, 2 female, 3 and 9 as the issuer defines them. */
  readonly sex: '1' | '2' | '3' | '9';
}

/** A My Number Card: JPKI, text and (when given) surface application. */
export interface MyNumberPersonalisation {
  readonly profile: 'mynumber';
  /** Stable name of this card, for menus and saved state; not on the card. */
  readonly id: string;
  /** What a person calls it, for menus; not on the card. */
  readonly label: string;
  /** What the JPKI application runs on; a card when left out. */
  readonly device?: 'card' | 'android' | 'iphone';

  readonly authKey: RsaPrivateJwk;
  readonly authCertificate: Base64;
  readonly authCaCertificate: Base64;
  /** Four digits, three tries. */
  readonly authPin: string;

  readonly signKey: RsaPrivateJwk;
  readonly signCertificate: Base64;
  readonly signCaCertificate: Base64;
  /** 6 to 16 characters A–Z 0–9, five tries. */
  readonly signPassword: string;

  /** The text application's own key, which signs without a PIN. */
  readonly textKey: RsaPrivateJwk;
  /** EF 0004, a card-verifiable certificate: `encodeVerifiableCertificate`. */
  readonly textCvc: Base64;
  /** EF 0007, the signed public key of `textKey`: `encodeTextKeyRecord`. */
  readonly textKeyRecord: Base64;
  /** EF 0003, signed digests of EF 0001 and 0002: `encodeIntegrityRecord`. Absent on the card when left out. */
  readonly textIntegrityRecord?: Base64;
  /** Four digits, three tries; a PIN of its own even when it has the same digits. */
  readonly textPin: string;
  readonly attributes: CardAttributes;
  /** Twelve digits with an invalid check digit, so that it can be nobody's number. Also 照合番号A. */
  readonly myNumber: string;
  /** 照合番号B: birth date in the era year YYMMDD, year of expiry, four digits of security code. */
  readonly cardNumberB: string;

  readonly surface?: SurfacePersonalisation;
  readonly common?: CommonPersonalisation;
}

/** The common application (共通カードAP): what identifies the card itself. */
export interface CommonPersonalisation {
  /** Fifteen digits. */
  readonly serialNumber: string;
  /** Five digits. */
  readonly municipalityCode: string;
  /** `YYYY-MM-DD`. */
  readonly expiryDate: string;
}

/** The surface application (券面事項確認AP): records that the issuer signed, byte for byte as the files hold them. */
export interface SurfacePersonalisation {
  /** The application's own key, which signs without a PIN and stands in every record. */
  readonly key: RsaPrivateJwk;
  /** EF 0004. */
  readonly cvc: Base64;
  /** EF 0001: `encodeAgeRecord`. Opened by the birth date. */
  readonly ageRecord: Base64;
  /** EF 0002, the card face; opened by 照合番号A or B. */
  readonly cardFace?: Base64;
  /** EF 0003, free. */
  readonly applicationInfo?: Base64;
  /** EF 0005, the number as a picture; opened by 照合番号A alone. */
  readonly myNumberImage?: Base64;
}

/** An HPKI card: the signing application and (when given) the authentication application (JAHIS 24-002). */
export interface HpkiPersonalisation {
  readonly profile: 'hpki';
  /** File layout: the example of the JAHIS guideline, or the one seen on cards of the Japan Medical Association. */
  readonly layout: 'guideline' | 'jma';
  readonly id: string;
  readonly label: string;
  readonly signKey: RsaPrivateJwk;
  readonly signCertificate: Base64;
  /** Subordinate CA certificates from the end entity upwards, at most two. */
  readonly caCertificates: readonly Base64[];
  readonly rootCertificate: Base64;
  /** 4 to 16 ASCII characters. */
  readonly pin: string;
  readonly authKey?: RsaPrivateJwk;
  readonly authCertificate?: Base64;
}

/** A card that is neither: shaped like a driving licence, with one free file and two PINs. */
export interface ForeignPersonalisation {
  readonly profile: 'foreign';
  readonly id: string;
  readonly label: string;
  /** Two PINs of four digits, ten tries each. */
  readonly pin1: string;
  readonly pin2: string;
}
