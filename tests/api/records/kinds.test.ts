import { describe, expect, it } from 'vitest';
import { ATTACHMENT_LIMIT_BYTES, readAttachments, sniffAttachment } from '#api/contract/attachment.ts';
import { encodeBase64 } from '#api/contract/encoding.ts';
import { parseFhirBundle } from '#api/contract/fhir-bundle.ts';
import { createFhirValidator } from '#api/records/fhir-validator.ts';
import { readVector } from '../../vectors.ts';

const fhir = createFhirValidator();
const PDF = new TextEncoder().encode('%PDF-1.7\n%…');
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0);
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);

const patient = { resourceType: 'Patient', name: [{ text: '山田 花子' }] };
const withAttachment = (attachment: object, ...others: object[]) =>
  parseFhirBundle({
    ...{ resourceType: 'Bundle', type: 'collection' },
    entry: [
      { resource: patient },
      { resource: { resourceType: 'DocumentReference', status: 'current', content: [{ attachment }] } },
      ...others.map((resource) => ({ resource })),
    ],
  });
const observation = (change: object = {}) => ({
  ...{ resourceType: 'Bundle', type: 'collection' },
  entry: [{ resource: { resourceType: 'Observation', status: 'final', code: { text: 'ALB' }, ...change } }],
});

describe('FHIR that comes in', () => {
  it.each([
    ['a status that R4 does not have', observation({ status: 3 }), 'Bundle.entry[0].resource.status'],
    ['a member that R4 does not have', observation({ colour: 'red' }), 'Bundle.entry[0].resource.colour'],
    ['a code that is text', observation({ code: 'ALB' }), 'Bundle.entry[0].resource.code'],
    [
      'a resource that R4 does not have',
      observation({ resourceType: 'Horoscope' }),
      'Bundle.entry[0].resource.resourceType',
    ],
    [
      'a quantity of words',
      observation({ valueQuantity: { value: 'many' } }),
      'Bundle.entry[0].resource.value[x].value',
    ],
    [
      'two values of one result',
      observation({ valueQuantity: { value: 4 }, valueString: 'four' }),
      'Bundle.entry[0].resource.value[x]',
    ],
    [
      'a value and the extension of another one',
      observation({ valueInteger: 4, _valueString: { extension: [{ url: 'urn:x', valueString: 'y' }] } }),
      'Bundle.entry[0].resource.value[x]',
    ],
    [
      'two values of one component',
      observation({ component: [{ code: { text: 'a' }, valueString: 'x', valueBoolean: true }] }),
      'Bundle.entry[0].resource.component[0].value[x]',
    ],
    [
      'two values of one extension',
      observation({ extension: [{ url: 'urn:x', valueString: 'y', valueCode: 'z' }] }),
      'Bundle.entry[0].resource.extension[0].value[x]',
    ],
    [
      'two values of something contained',
      observation({ contained: [{ resourceType: 'Patient', deceasedBoolean: false, deceasedDateTime: '2026' }] }),
      'Bundle.entry[0].resource.contained[0].deceased[x]',
    ],
  ])('is refused for %s, with the place and without the value', async (_name, bundle, place) => {
    const refusal = await fhir.requireValid(bundle).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'fhir_invalid' });
    expect(String((refusal as { detail: string }).detail)).toContain(place);
  });

  it.each([
    'fhir/clinical-core/Bundle-Bundle-CLINS-Observations-Example-01.json',
    'fhir/jpfhir-example-creation/Bundle-bundleReferralExample01.json',
  ])('holds when it is a published example: %s', async (path) => {
    const bytes = readVector(path);
    if (!bytes) return expect(bytes).toBeUndefined();
    const bundle = JSON.parse(new TextDecoder().decode(bytes)) as object;
    await fhir.requireValid(bundle);
  });
});

describe('an attachment', () => {
  it.each([
    ['application/pdf', PDF],
    ['image/png', PNG],
    ['image/jpeg', JPEG],
  ])('is what its bytes say: %s', (type, bytes) => {
    expect(sniffAttachment(bytes)).toBe(type);
    const bundle = withAttachment({ contentType: type, title: 't', data: encodeBase64(bytes) });
    expect(readAttachments(bundle)).toMatchObject([{ type, title: 't', bytes }]);
  });

  it.each([
    ['a page that calls itself a picture', 'image/png', new TextEncoder().encode('<svg onload=alert(1)>')],
    ['a program', 'application/pdf', Uint8Array.of(0x4d, 0x5a, 0x90)],
    ['a picture that calls itself a page', 'text/html', PNG],
    ['nothing', 'application/pdf', new Uint8Array()],
  ])('is refused when it is %s', (_name, contentType, bytes) => {
    const bundle = withAttachment({ contentType, data: encodeBase64(bytes) });
    expect(() => readAttachments(bundle)).toThrow(
      expect.objectContaining({
        code: 'attachment_type_refused',
        detail: 'Bundle.entry[1].resource.content[0].attachment.contentType',
      }),
    );
  });

  it('may lie in a Binary beside, and must lie somewhere', () => {
    const binary = { resourceType: 'Binary', id: 'b', contentType: 'image/png', data: encodeBase64(PNG) };
    expect(readAttachments(withAttachment({ url: 'Binary/b' }, binary))).toHaveLength(1);
    const lying = withAttachment({ url: 'Binary/b' }, { ...binary, contentType: 'application/pdf' });
    expect(() => readAttachments(lying)).toThrow(expect.objectContaining({ code: 'attachment_type_refused' }));
    const elsewhere = withAttachment({ url: 'https://example.org/scan.pdf' });
    expect(() => readAttachments(elsewhere)).toThrow(expect.objectContaining({ code: 'fhir_malformed' }));
    expect(readAttachments(elsewhere, { isRequired: false })).toEqual([]);
  });

  it('has an end', () => {
    const data = encodeBase64(new Uint8Array(ATTACHMENT_LIMIT_BYTES + 3));
    expect(() => readAttachments(withAttachment({ contentType: 'application/pdf', data }))).toThrow(
      expect.objectContaining({ code: 'attachment_too_large' }),
    );
  });
});
