import { createPublicKey, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { CardError, concatBytes, encodeHex, parseHex } from 'webusb-ccid';
import {
  parseAgeRecord,
  parseCardVerifiableCertificate,
  parseMyNumber,
  parseTextAttributes,
  parseTextKeyRecord,
  toJwk,
} from 'webusb-ccid/mynumber';
import {
  encodeAgeRecord,
  encodeAgeRecordBody,
  encodeAttributesFile,
  encodeMyNumberFile,
  encodeTextKeyRecord,
  encodeTextKeyRecordBody,
  encodeVerifiableCertificate,
  encodeVerifiableCertificateBody,
} from 'webusb-ccid/simulated';
import { describe, expect, it } from 'vitest';
import { fromBase64, myNumberPersonalisation } from '../simulated-cards/test-cards.ts';

/** Modulus C9 AA AA …, exponent 65537: the key of the hand-written records below. */
const modulus = parseHex(`C9${'AA'.repeat(255)}`);
const jwk = { kty: 'RSA', n: Buffer.from(modulus).toString('base64url'), e: 'AQAB' } as const;
const KEY = `9003010001 91820100 C9${'AA'.repeat(255)}`;
const signature = new Uint8Array(256).fill(0x5a);
const SIGNATURE = '5A'.repeat(256);

describe('a card-verifiable certificate', () => {
  const written = parseHex(`7F21820233
    5F4E820129 36303030303333 0805 303031 00000000  31333232313231 0805 303030 00000000 ${KEY}
    5F37820100 ${SIGNATURE}`);
  const content = {
    issuer: { number: '6000033', group: '001' },
    subject: { number: '1322121', group: '000' },
    publicKey: jwk,
  };

  it('is written by the issuer as the specification has it', () => {
    const body = encodeVerifiableCertificateBody(content);
    expect(body).toHaveLength(297);
    expect(encodeHex(encodeVerifiableCertificate(body, signature))).toBe(encodeHex(written));
  });

  it('is read', () => {
    const certificate = parseCardVerifiableCertificate(written);
    expect(certificate).toMatchObject({
      issuer: { number: '6000033', group: '001' },
      subject: { number: '1322121', group: '000' },
      signature,
    });
    expect(toJwk(certificate.publicKey)).toEqual(jwk);
    expect(certificate.signedBytes).toEqual(written.slice(10, 10 + 297));
  });

  it.each([
    ['another tag', (bytes: Uint8Array) => bytes.fill(0x22, 1, 2)],
    ['letters in a key identifier', (bytes: Uint8Array) => bytes.fill(0x41, 10, 11)],
    ['a modulus of 2047 bits', (bytes: Uint8Array) => bytes.fill(0x49, 51, 52)],
    ['a missing end', (bytes: Uint8Array) => bytes.slice(0, -1)],
    ['something behind it', (bytes: Uint8Array) => concatBytes(bytes, Uint8Array.of(0x90, 0))],
    ['nothing', () => new Uint8Array()],
  ])('is refused with %s', (_, change) => {
    expect(() => parseCardVerifiableCertificate(change(written.slice()))).toThrow(
      expect.objectContaining({ code: 'wrong_data' }) as CardError,
    );
  });
});

describe('the text key record', () => {
  const written = parseHex(`FF50820213 DF51820109 ${KEY} DF52820100 ${SIGNATURE}`);

  it('is written and read', () => {
    const body = encodeTextKeyRecordBody(jwk);
    expect(encodeHex(encodeTextKeyRecord(body, signature))).toBe(encodeHex(written));
    const record = parseTextKeyRecord(written);
    expect(record.signedBytes).toEqual(body);
    expect(record.signature).toEqual(signature);
    expect(toJwk(record.publicKey)).toEqual(jwk);
  });

  it('reads the key that the simulated card signs with', () => {
    const { n, e } = myNumberPersonalisation.textKey;
    const expected: KeyObject = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    const record = parseTextKeyRecord(fromBase64(myNumberPersonalisation.textKeyRecord));
    expect(createPublicKey({ key: toJwk(record.publicKey), format: 'jwk' }).equals(expected)).toBe(true);
  });
});

describe('the age record', () => {
  const written = parseHex(`FF1082021E DF1108 3139383030323137 DF12820109 ${KEY} DF13820100 ${SIGNATURE}`);

  it('is written and read', () => {
    const body = encodeAgeRecordBody('1980-02-17', jwk);
    expect(encodeHex(encodeAgeRecord(body, signature))).toBe(encodeHex(written));
    expect(parseAgeRecord(written)).toMatchObject({ birthDate: '1980-02-17', signedBytes: body, signature });
  });
});

describe('the attributes', () => {
  // Fields of 15, 54, 8 and 1 bytes start at 000E, 0020, 0059 and 0064.
  const attributes = {
    name: '試験花　子',
    address: '東京都清瀬市試験町一丁目二番三号０１',
    birthDate: '1980-02-17',
    sex: '2',
  } as const;

  it('begin with the offsets of the fields', () => {
    const file = encodeAttributesFile(attributes);
    expect(encodeHex(file.slice(0, 17))).toBe('FF2065DF2108000E002000590064DF220F');
    expect(encodeHex(file.slice(-15))).toBe('DF24083139383030323137DF250132');
    expect(parseTextAttributes(file)).toEqual(attributes);
  });

  it('come back as they were written', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    const date = fc.date({ min: new Date('1900-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(text, text, date, fc.constantFrom('1', '2', '3', '9'), (name, address, day, sex) => {
        const value = { name, address, birthDate: day.toISOString().slice(0, 10), sex } as const;
        expect(parseTextAttributes(encodeAttributesFile(value))).toEqual(value);
      }),
    );
  });

  it('are refused when an offset is wrong', () => {
    const file = encodeAttributesFile(attributes);
    for (const at of [7, 9, 11, 13]) {
      const changed = file.slice();
      changed[at]! += 1;
      expect(() => parseTextAttributes(changed)).toThrow(expect.objectContaining({ code: 'wrong_data' }) as CardError);
    }
  });

  it('never end in anything but a value or wrong_data, whatever the bytes', () => {
    const file = encodeAttributesFile(attributes);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = file.slice();
        changed[at] = byte;
        try {
          parseTextAttributes(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: 'wrong_data' });
        }
      }),
    );
  });
});

describe('the number', () => {
  it('is twelve digits, then filler', () => {
    const file = encodeMyNumberFile('123456789010');
    expect(encodeHex(file)).toBe('FF100C313233343536373839303130FFFF');
    expect(parseMyNumber(file)).toBe('123456789010');
    expect(() => parseMyNumber(file.slice(0, 10))).toThrow(
      expect.objectContaining({ code: 'wrong_data' }) as CardError,
    );
  });
});
