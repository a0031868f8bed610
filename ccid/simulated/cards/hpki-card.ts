import { parseHex } from '../../iso7816/bytes.ts';
import { parseBase64 } from '../base64.ts';
import type { Application, CardFile } from '../card-os/card-file.ts';
import type { CardDefinition, InstructionTable } from '../card-os/definition.ts';
import { getChallenge } from '../card-os/get-challenge.ts';
import { readBinary } from '../card-os/read-binary.ts';
import { importRsaPrivateKey } from '../card-os/rsa.ts';
import { manageSecurityEnvironment, performSecurityOperation } from '../card-os/security-operation.ts';
import { select } from '../card-os/select.ts';
import { verify } from '../card-os/verify.ts';
import type { Base64, HpkiPersonalisation, RsaPrivateJwk } from '../personalisation.ts';
import { encodeInformationObjects } from './information-objects.ts';

/** HPKI card, contact. */
const ATR = parseHex('3B F4 13 00 00 81 31 FE 45 00 4E 00 00 A2');
const SIGN = parseHex('E8 28 BD 08 0F A0 00 00 03 91 00 00 00 00 00 01');
const AUTHENTICATE = parseHex('E8 28 BD 08 0F A0 00 00 03 91 00 00 00 00 00 02');
const PIN_TRIES = 5;

const INSTRUCTIONS: InstructionTable = {
  '00A4': select,
  '00B0': readBinary,
  '0020': verify,
  '0022': manageSecurityEnvironment,
  '002A': performSecurityOperation,
  '0084': getChallenge,
};

/** An HPKI card (JAHIS 24-002): one application to sign, and one to authenticate when it has a key for it. */
export function defineHpkiCard(personalisation: HpkiPersonalisation): CardDefinition {
  const { layout, signKey, signCertificate, authKey, authCertificate } = personalisation;
  const create = layout === 'guideline' ? createGuidelineApplication : createJmaApplication;
  const applications = [create(SIGN, 'sign', personalisation, signKey, signCertificate)];
  if (authKey && authCertificate !== undefined) {
    applications.push(create(AUTHENTICATE, 'authenticate', personalisation, authKey, authCertificate));
  }
  return {
    atr: ATR,
    selectedAtReset: false,
    hasExtendedLength: true,
    hasChaining: true,
    instructions: INSTRUCTIONS,
    applications,
  };
}

type Purpose = 'sign' | 'authenticate';

/** The example layout of the guideline: ISO 7816-15 objects under short identifiers 11 to 15, the rest where they point. */
function createGuidelineApplication(
  name: Uint8Array,
  purpose: Purpose,
  personalisation: HpkiPersonalisation,
  key: RsaPrivateJwk,
  certificate: Base64,
): Application {
  const objects = encodeInformationObjects(purpose, personalisation.caCertificates.length);
  const authorities = [personalisation.rootCertificate, ...personalisation.caCertificates];
  return {
    name,
    files: [
      binary(0x5031, 0x11, objects.directory),
      binary(0x5032, 0x12, objects.cardInfo),
      binary(0x0013, 0x13, objects.authenticationObjects),
      binary(0x0014, 0x14, objects.privateKeys),
      binary(0x0015, 0x15, objects.certificates),
      pin(0x0016, 0x16, personalisation.pin),
      privateKey(0x0017, 0x17, key, 0x0016, purpose),
      binary(0x0018, 0x18, parseBase64(certificate)),
      ...authorities.map((authority, i) => binary(0x0019 + i, 0x19 + i, parseBase64(authority))),
    ],
  };
}

/** The layout seen on cards of the Japan Medical Association. Where it keeps CA certificates is not public. */
function createJmaApplication(
  name: Uint8Array,
  purpose: Purpose,
  personalisation: HpkiPersonalisation,
  key: RsaPrivateJwk,
  certificate: Base64,
): Application {
  return {
    name,
    files: [
      pin(0x0002, 0x08, personalisation.pin),
      privateKey(0x000c, 0x0c, key, 0x0002, purpose),
      binary(0x0016, 0x16, parseBase64(certificate)),
    ],
  };
}

function binary(id: number, sfi: number, content: Uint8Array): CardFile {
  return { kind: 'binary', id, sfi, content, read: 'free' };
}

function pin(id: number, sfi: number, value: string): CardFile {
  return {
    kind: 'pin',
    id,
    sfi,
    value: new TextEncoder().encode(value),
    tries: PIN_TRIES,
    whenBlocked: 'methodBlocked',
  };
}

/** A signing key wants the PIN before every signature, an authentication key once. */
function privateKey(id: number, sfi: number, key: RsaPrivateJwk, pinId: number, purpose: Purpose): CardFile {
  return {
    kind: 'key',
    id,
    sfi,
    key: importRsaPrivateKey(key),
    use: { anyOf: [pinId] },
    consumesVerification: purpose === 'sign',
  };
}
