import { parseHex } from '../../iso7816/bytes.ts';
import { parseBase64 } from '../base64.ts';
import type { AccessCondition, Application, CardFile } from '../card-os/card-file.ts';
import { importRsaPrivateKey } from '../card-os/rsa.ts';
import type { Base64, MyNumberPersonalisation, SurfacePersonalisation } from '../personalisation.ts';

const BIRTH_DATE = 0x0011;
const NUMBER_B = 0x0012;
const NUMBER_A = 0x0013;
/** The application's own key; its identifier is not public, and no command here names it. */
const OWN_KEY = 0x0014;

/** How many tries these references have is not stated in public sources. */
const TRIES = 10;

/** First day of each era, newest first, and the Gregorian year that is its year 1. */
const ERAS = [
  { from: '2019-05-01', firstYear: 2019 },
  { from: '1989-01-08', firstYear: 1989 },
  { from: '1926-12-25', firstYear: 1926 },
  { from: '1912-07-30', firstYear: 1912 },
  { from: '1868-01-25', firstYear: 1868 },
] as const;

const encoder = new TextEncoder();

/** The surface application (券面事項確認AP): what is printed on the card, signed by the issuer. */
export function createSurfaceApplication(
  personalisation: MyNumberPersonalisation,
  surface: SurfacePersonalisation,
): Application {
  const { cardFace, applicationInfo, myNumberImage } = surface;
  const files: CardFile[] = [
    ...binary(0x0001, surface.ageRecord, { anyOf: [BIRTH_DATE] }),
    ...binary(0x0002, cardFace, { anyOf: [NUMBER_A, NUMBER_B] }),
    ...binary(0x0003, applicationInfo, 'free'),
    ...binary(0x0004, surface.cvc, 'free'),
    ...binary(0x0005, myNumberImage, { anyOf: [NUMBER_A] }),
    { kind: 'pin', id: BIRTH_DATE, value: encodeEraDate(personalisation.attributes.birthDate), tries: TRIES },
    { kind: 'pin', id: NUMBER_B, value: encoder.encode(personalisation.cardNumberB), tries: TRIES },
    { kind: 'pin', id: NUMBER_A, value: encoder.encode(personalisation.myNumber), tries: TRIES },
    { kind: 'key', id: OWN_KEY, key: importRsaPrivateKey(surface.key), use: 'free' },
  ];
  return {
    name: parseHex('D3 92 10 00 31 00 01 01 04 02'),
    files: files.map((file) => ({ ...file, sfi: file.id & 0x1f })),
    defaultKey: OWN_KEY,
  };
}

function binary(id: number, content: Base64 | undefined, read: AccessCondition): CardFile[] {
  return content === undefined ? [] : [{ kind: 'binary', id, content: parseBase64(content), read }];
}

/** Six digits: year of the era, month, day. */
function encodeEraDate(birthDate: string): Uint8Array {
  const era = ERAS.find(({ from }) => birthDate >= from);
  if (!era) throw new RangeError('a birth date lies in an era of the Japanese calendar');
  const [year, month, day] = birthDate.split('-');
  return encoder.encode(`${String(Number(year) - era.firstYear + 1).padStart(2, '0')}${month}${day}`);
}
