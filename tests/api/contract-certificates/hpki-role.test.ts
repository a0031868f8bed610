import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CertificateError } from '#api/contract/certificate-error.ts';
import { TAG, contextTag, encodeDer } from '#api/contract/der.ts';
import { encodeOid } from '#api/contract/der-values.ts';
import { encodeUtf8, parseBase64 } from '#api/contract/encoding.ts';
import {
  HEALTHCARE_ACTOR_OID,
  JHPKI_CODED_DATA_OID,
  encodeHealthcareActor,
  encodeHpkiRole,
  parseHealthcareActor,
  parseHpkiRole,
} from '#api/contract/hpki-role.ts';

const hex = (digits: string) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const codingScheme = JHPKI_CODED_DATA_OID;

const DOCTOR = hex(
  '303430320606288185420001312831263024A0223120A00C060A2A830886910F01060101A2100C0E4D65646963616C20446F63746F72',
);
const PHARMACIST = hex(
  '3030302E0606288185420001312431223020A01E311CA00C060A2A830886910F01060101A20C0C0A506861726D6163697374',
);

describe('hcRole in subjectDirectoryAttributes', () => {
  it.each([
    ['a doctor', DOCTOR, 'Medical Doctor'],
    ['a pharmacist', PHARMACIST, 'Pharmacist'],
  ])('of %s reads as the text and encodes to the same bytes', (_, bytes, text) => {
    expect(parseHpkiRole(bytes)).toEqual({ codingScheme, text });
    expect(encodeHpkiRole({ codingScheme, text })).toEqual(bytes);
  });

  it.each([
    ['text alone', 'MCSgIjEgoAwGCiqDCIaRDwEGAQGiEAwOTWVkaWNhbCBEb2N0b3I=', { text: 'Medical Doctor' }],
    ['a value', 'MCegJTEjoAwGCiqDCIaRDwEGAQGhBRIDMTIzogwMClBoYXJtYWNpc3Q=', { text: 'Pharmacist', value: '123' }],
    [
      'a value and empty regional data',
      'MCugJTEjoAwGCiqDCIaRDwEGAQGhBRIDMTIzogwMClBoYXJtYWNpc3ShAjAA',
      { text: 'Pharmacist', value: '123', regionalData: new Uint8Array() },
    ],
  ])('may have %s', (_, base64, role) => {
    const bytes = parseBase64(base64);
    expect(parseHealthcareActor(bytes)).toEqual({ codingScheme, ...role });
    expect(encodeHealthcareActor({ codingScheme, ...role })).toEqual(bytes);
  });

  const scheme = encodeDer(contextTag(0), encodeOid(codingScheme));
  const value = encodeDer(contextTag(1), encodeDer(TAG.numericString, encodeUtf8('42')));
  const text = encodeDer(contextTag(2), encodeDer(TAG.utf8String, encodeUtf8('Medical Doctor')));
  const actorOf = (...parts: readonly Uint8Array[]) =>
    encodeDer(TAG.sequence, encodeDer(contextTag(0), encodeDer(TAG.set, ...parts)));
  const attributeOf = (oid: string, ...values: readonly Uint8Array[]) =>
    encodeDer(TAG.sequence, encodeOid(oid), encodeDer(TAG.set, ...values));
  const actorsOf = (...actors: readonly Uint8Array[]) => encodeDer(TAG.set, ...actors);

  it('reads the set in any order', () => {
    for (const order of [
      [scheme, value, text],
      [scheme, text, value],
      [value, scheme, text],
      [value, text, scheme],
      [text, scheme, value],
      [text, value, scheme],
    ]) {
      expect(parseHealthcareActor(actorOf(...order))).toEqual({ codingScheme, text: 'Medical Doctor', value: '42' });
    }
  });

  it('finds the role among other attributes, and none where there is none', () => {
    const other = attributeOf('1.3.6.1.5.5.7.9.1', encodeDer(TAG.generalizedTime, encodeUtf8('19700101000000Z')));
    const role = attributeOf(HEALTHCARE_ACTOR_OID, actorsOf(actorOf(scheme, text)));
    expect(parseHpkiRole(encodeDer(TAG.sequence, other, role))).toMatchObject({ text: 'Medical Doctor' });
    expect(parseHpkiRole(encodeDer(TAG.sequence, other))).toBeUndefined();
  });

  const wholeOf = (...actors: readonly Uint8Array[]) =>
    encodeDer(TAG.sequence, attributeOf(HEALTHCARE_ACTOR_OID, actorsOf(...actors)));
  const actor = actorOf(scheme, text);
  it.each([
    ['two actors', wholeOf(actor, actor)],
    ['no actor', wholeOf()],
    [
      'two role attributes',
      encodeDer(TAG.sequence, ...[0, 1].map(() => attributeOf(HEALTHCARE_ACTOR_OID, actorsOf(actor)))),
    ],
    ['two values', encodeDer(TAG.sequence, attributeOf(HEALTHCARE_ACTOR_OID, actorsOf(actor), actorsOf(actor)))],
    ['no coding scheme', wholeOf(actorOf(text))],
    ['no text', wholeOf(actorOf(scheme, value))],
    ['two texts', wholeOf(actorOf(scheme, text, text))],
    ['a foreign part', wholeOf(actorOf(scheme, text, encodeDer(contextTag(3), encodeDer(TAG.null))))],
    ['an empty text', wholeOf(actorOf(scheme, encodeDer(contextTag(2), encodeDer(TAG.utf8String))))],
    [
      'a text in an old type',
      wholeOf(actorOf(scheme, encodeDer(contextTag(2), encodeDer(TAG.bmpString, hex('0041'))))),
    ],
    [
      'letters where digits belong',
      wholeOf(actorOf(scheme, text, encodeDer(contextTag(1), encodeDer(TAG.numericString, encodeUtf8('x'))))),
    ],
    [
      'an unknown part after the coded data',
      encodeDer(
        TAG.sequence,
        attributeOf(
          HEALTHCARE_ACTOR_OID,
          actorsOf(
            encodeDer(TAG.sequence, encodeDer(contextTag(0), encodeDer(TAG.set, scheme, text)), encodeDer(TAG.null)),
          ),
        ),
      ),
    ],
    ['nothing', encodeDer(TAG.sequence)],
    ['bytes after the end', Uint8Array.of(...DOCTOR, 0)],
  ])('is refused with %s', (_, bytes) => {
    expect(() => parseHpkiRole(bytes)).toThrow(expect.objectContaining({ code: 'certificate_malformed' }));
  });

  it('comes back whatever it says', () => {
    const role = fc.record({
      codingScheme: fc.constantFrom(codingScheme, '1.2.3.4'),
      text: fc.string({ minLength: 1, unit: 'grapheme' }),
    });
    fc.assert(
      fc.property(role, (said) => {
        expect(parseHpkiRole(encodeHpkiRole(said))).toEqual(said);
      }),
    );
  });

  it('with one byte changed is refused or reads as something; it never crashes, never reads as a doctor of another list', () => {
    for (let i = 0; i < DOCTOR.length; i++) {
      for (let byte = 0; byte < 256; byte++) {
        const changed = Uint8Array.from(DOCTOR);
        changed[i] = byte;
        try {
          const role = parseHpkiRole(changed);
          const isSame = role?.text === 'Medical Doctor' && role.codingScheme === codingScheme;
          // UTF8String and PrintableString say the same thing; nothing else may.
          if (isSame && byte !== DOCTOR[i]) expect([i, byte]).toEqual([38, TAG.printableString]);
        } catch (error) {
          if (!(error instanceof CertificateError)) throw error;
        }
      }
    }
  });
});
