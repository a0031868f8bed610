import { parseObjectDirectory, readLayout } from '../../../ccid/cards/hpki/information-objects.ts';
import { parseAgeRecord } from '../../../ccid/cards/mynumber/age-record.ts';
import { parseCardPublicKey } from '../../../ccid/cards/mynumber/card-public-key.ts';
import { parseCardVerifiableCertificate } from '../../../ccid/cards/mynumber/card-verifiable-certificate.ts';
import { parseCardDate } from '../../../ccid/cards/mynumber/parse-record.ts';
import {
  parseIntegrityRecord,
  parseMyNumber,
  parseTextAttributes,
  parseTextKeyRecord,
} from '../../../ccid/cards/mynumber/text-records.ts';
import { encodeInformationObjects } from '../../../ccid/simulated/cards/information-objects.ts';
import { encodeCardPublicKey } from '../../../ccid/simulated/issuer/rsa-public-key.ts';
import {
  encodeAgeRecord,
  encodeAgeRecordBody,
  encodeAttributesFile,
  encodeMyNumberFile,
  encodeTextKeyRecord,
  encodeTextKeyRecordBody,
  encodeVerifiableCertificate,
  encodeVerifiableCertificateBody,
} from '../../../ccid/simulated/index.ts';
import { describeMutations } from '../mutated-input.ts';
import { ascii, fromBase64, myNumberPersonalisation } from '../simulated-cards/test-cards.ts';

const key = {
  kty: 'RSA',
  n: Buffer.from([0xc9, ...Array.from({ length: 255 }, () => 0xaa)]).toString('base64url'),
  e: 'AQAB',
} as const;
const signature = new Uint8Array(256).fill(0x5a);
const attributes = { name: '試験花　子', address: '東京都清瀬市', birthDate: '1980-02-17', sex: '2' } as const;
const hpki = encodeInformationObjects('sign', 1);

/** What the cards hold, the layouts of their files and keys. */
describeMutations({
  parseCardVerifiableCertificate: {
    parse: parseCardVerifiableCertificate,
    seed: encodeVerifiableCertificate(
      encodeVerifiableCertificateBody({
        issuer: { number: '6000033', group: '001' },
        subject: { number: '1322121', group: '000' },
        publicKey: key,
      }),
      signature,
    ),
  },
  parseCardPublicKey: { parse: parseCardPublicKey, seed: encodeCardPublicKey(key) },
  parseTextKeyRecord: {
    parse: parseTextKeyRecord,
    seed: encodeTextKeyRecord(encodeTextKeyRecordBody(key), signature),
  },
  parseIntegrityRecord: {
    parse: parseIntegrityRecord,
    seed: fromBase64(myNumberPersonalisation.textIntegrityRecord ?? ''),
  },
  parseTextAttributes: { parse: parseTextAttributes, seed: encodeAttributesFile(attributes) },
  parseMyNumber: { parse: parseMyNumber, seed: encodeMyNumberFile('123456789010') },
  parseAgeRecord: {
    parse: parseAgeRecord,
    seed: encodeAgeRecord(encodeAgeRecordBody('1980-02-17', key), signature),
  },
  parseObjectDirectory: { parse: parseObjectDirectory, seed: hpki.directory },
  'readLayout, of keys': {
    parse: (bytes) => readLayout(bytes, hpki.certificates, hpki.authenticationObjects),
    seed: hpki.privateKeys,
  },
  'readLayout, of certificates': {
    parse: (bytes) => readLayout(hpki.privateKeys, bytes, hpki.authenticationObjects),
    seed: hpki.certificates,
  },
  'readLayout, of PINs': {
    parse: (bytes) => readLayout(hpki.privateKeys, hpki.certificates, bytes),
    seed: hpki.authenticationObjects,
  },
  parseCardDate: { parse: parseCardDate, seed: ascii('19800217') },
});
