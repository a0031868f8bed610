import {
  type MyNumberPersonalisation,
  encodeAgeRecord,
  encodeAgeRecordBody,
  encodeIntegrityRecord,
  encodeIntegrityRecordBody,
  encodeTextKeyRecord,
  encodeTextKeyRecordBody,
} from 'webusb-ccid/simulated';
import { encodeBase64 } from '../../contract/encoding.ts';
import { type Day, ageOn, birthdayAfter, eraDigits } from '../calendar.ts';
import { type CardIssuer, signRecord } from '../card-issuers.ts';
import { individualNumberCheckDigit } from '../check-digit.ts';
import { type JpkiHierarchy, generationOn } from '../jpki-hierarchy.ts';
import { type SyntheticPerson, fullAddress, fullName } from '../people/person.ts';
import type { Random } from '../random.ts';
import type { KeyPair } from '../x509/key-pair.ts';
import { exportRsaPrivateKey, exportRsaPublicKey } from '../x509/key-pair.ts';
import { createSerialNumber, issueAuthCertificate, issueSignCertificate } from './jpki-certificates.ts';

/** Everybody who issues something that stands on a My Number Card. */
export interface MyNumberIssuers {
  readonly jpki: JpkiHierarchy;
  readonly text: CardIssuer;
  readonly surface: CardIssuer;
}

/** The keys of one card, fresh. */
export interface MyNumberKeys {
  readonly auth: KeyPair;
  readonly sign: KeyPair;
  readonly text: KeyPair;
  readonly surface: KeyPair;
}

/** The same on every synthetic card, so that whoever tries the demonstration need not be told each. */
export const SYNTHETIC_PINS = {
  authPin: '1234',
  textPin: '1234',
  signPassword: 'TSUNAGI1',
  hpkiPin: '123456',
} as const;

/** A card as the municipality would hand it out, with the certificate numbers to revoke it by. */
export interface IssuedMyNumberCard {
  readonly card: MyNumberPersonalisation;
  readonly authSerialNumber: Uint8Array;
  readonly authAuthorityId: string;
}

/** Personalises one card, issued on `issuedOn` by the generation of CAs that was issuing then. */
export async function personaliseMyNumberCard(
  person: SyntheticPerson,
  keys: MyNumberKeys,
  issuers: MyNumberIssuers,
  { issuedOn, today, random }: { readonly issuedOn: Day; readonly today: Day; readonly random: Random },
): Promise<IssuedMyNumberCard> {
  const authCa = generationOn(issuers.jpki.auth, issuedOn, today);
  const signCa = generationOn(issuers.jpki.sign, issuedOn, today);
  const authSerialNumber = createSerialNumber(random);
  const number = random.digits(12);
  const authIssue = { person, issuedOn, serialNumber: authSerialNumber, publicKey: keys.auth.publicKey };
  const signIssue = { ...authIssue, serialNumber: createSerialNumber(random), publicKey: keys.sign.publicKey };
  const text = await createTextFiles(person, keys.text, issuers.text, random);
  const card: MyNumberPersonalisation = {
    profile: 'mynumber',
    id: person.cardId,
    label: `${fullName(person)}(模擬)`,
    authKey: exportRsaPrivateKey(keys.auth.privateKey),
    authCertificate: encodeBase64(await issueAuthCertificate(authCa, authIssue, number)),
    authCaCertificate: authCa.certificate,
    authPin: SYNTHETIC_PINS.authPin,
    signKey: exportRsaPrivateKey(keys.sign.privateKey),
    signCertificate: encodeBase64(await issueSignCertificate(signCa, signIssue, number)),
    signCaCertificate: signCa.certificate,
    signPassword: SYNTHETIC_PINS.signPassword,
    ...text,
    cardNumberB: eraDigits(person.birthDate) + cardExpiry(person, issuedOn).slice(0, 4) + random.digits(4),
    surface: createSurface(person, keys.surface, issuers.surface),
  };
  return { card, authSerialNumber, authAuthorityId: authCa.id };
}

async function createTextFiles(person: SyntheticPerson, keys: KeyPair, issuer: CardIssuer, random: Random) {
  const keyRecordBody = encodeTextKeyRecordBody(exportRsaPublicKey(keys.publicKey));
  const attributes = {
    name: fullName(person),
    address: fullAddress(person),
    birthDate: person.birthDate,
    sex: person.sex === 'male' ? '1' : '2',
  } as const;
  const myNumber = createInvalidNumber(random);
  const integrityBody = await encodeIntegrityRecordBody(myNumber, attributes);
  const signed = (body: Uint8Array): Uint8Array => signRecord(body, issuer.issuerPrivateKey);
  return {
    textKey: exportRsaPrivateKey(keys.privateKey),
    textCvc: issuer.cvc,
    textKeyRecord: encodeBase64(encodeTextKeyRecord(keyRecordBody, signed(keyRecordBody))),
    textIntegrityRecord: encodeBase64(encodeIntegrityRecord(integrityBody, signed(integrityBody))),
    textPin: SYNTHETIC_PINS.textPin,
    attributes,
    myNumber,
  };
}

function createSurface(person: SyntheticPerson, keys: KeyPair, issuer: CardIssuer) {
  const body = encodeAgeRecordBody(person.birthDate, exportRsaPublicKey(keys.publicKey));
  return {
    key: exportRsaPrivateKey(keys.privateKey),
    cvc: issuer.cvc,
    ageRecord: encodeBase64(encodeAgeRecord(body, signRecord(body, issuer.issuerPrivateKey))),
  };
}

/** Twelve digits whose check digit is wrong: the number of nobody. */
function createInvalidNumber(random: Random): string {
  const digits = random.digits(11);
  return digits + String((Number(individualNumberCheckDigit(digits)) + 1) % 10);
}

/** The tenth birthday after issue, the fifth for the young. */
function cardExpiry({ birthDate }: SyntheticPerson, issuedOn: Day): Day {
  return birthdayAfter(issuedOn, birthDate, ageOn(issuedOn, birthDate) < 18 ? 5 : 10);
}
