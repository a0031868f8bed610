import { X509Certificate, createPublicKey, verify } from 'node:crypto';
import { encodeTextKeyRecordBody, encodeVerifiableCertificateBody } from 'webusb-ccid/simulated';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64, parseBase64 } from '#api/contract/encoding.ts';
import { parseCertificate } from '#api/contract/certificate.ts';
import { verifyHpkiCertificate } from '#api/contract/hpki-certificate.ts';
import { JPKI_SIGNATURE, verifyJpkiCertificate } from '#api/contract/jpki-certificate.ts';
import { ageOn, dayInJapan } from '#api/synthetic/calendar.ts';
import { individualNumberCheckDigit, insuranceCheckDigit } from '#api/synthetic/check-digit.ts';
import { createPeople } from '#api/synthetic/people/people.ts';
import { createNames } from '#api/synthetic/people/names.ts';
import { createRandom } from '#api/synthetic/random.ts';
import { parseWorld, serialiseWorld } from '#api/synthetic/world-file.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { importRsaPrivateKey } from '#api/synthetic/x509/key-pair.ts';
import { NOW, WORLD_TIMEOUT_MS, freshWorld } from './shared-world.ts';

let world: SyntheticWorld;
beforeAll(async () => {
  world = await freshWorld();
}, WORLD_TIMEOUT_MS);
const today = dayInJapan(NOW);
const parse = (base64: string) => parseCertificate(parseBase64(base64));
const openssl = (base64: string) => new X509Certificate(parseBase64(base64));

describe('the people of a synthetic world', () => {
  const people = (seed: string) => {
    const random = createRandom(seed);
    return createPeople(random, createNames(random), today);
  };

  it('are the same for the same seed and others for another', () => {
    expect(people('tests')).toEqual(world.people);
    expect(people('other')).not.toEqual(world.people);
  });

  it('are a dozen of every age, each with a name, an identity and a card of their own', () => {
    expect(world.people).toHaveLength(12);
    const ages = world.people.map((person) => ageOn(today, person.birthDate));
    expect(ages).toEqual([54, 38, 72, 81, 5, 29, 45, 67, 33, 60, 23, 91]);
    for (const key of ['id', 'payerId', 'cardId'] as const)
      expect(new Set(world.people.map((p) => p[key])).size).toBe(12);
    const names = [...world.people, ...world.staff].map((p) => p.name.family.kanji);
    expect(new Set(names).size).toBe(names.length);
    expect(world.cards.mynumber.map((card) => card.id)).toEqual(world.people.map((person) => person.cardId));
  });

  it('have one of each thing that is out of order', () => {
    const traits = world.people.map((person) => person.trait).filter((trait) => trait !== 'ordinary');
    expect(traits.sort()).toEqual(['card_not_enrolled', 'certificate_revoked', 'insurance_expired']);
    const lapsed = world.people.filter((person) => person.insurance.validUntil < today);
    expect(lapsed.map((person) => person.trait)).toEqual(['insurance_expired']);
  });

  it('are insured by insurers whose numbers check and whose names are made up', () => {
    for (const insurer of world.insurers) {
      expect(insuranceCheckDigit(insurer.number.slice(0, 7))).toBe(insurer.number[7]);
      expect(insurer.name).toMatch(/架空|模擬/);
    }
    const numbers = world.insurers.map((insurer) => insurer.number);
    for (const { insurance } of world.people) expect(numbers).toContain(insurance.insurerNumber);
    expect(new Set(world.people.map((p) => p.insurance.insurerNumber)).size).toBe(6);
  });

  it('have individual numbers that can be nobody’s', () => {
    for (const { myNumber } of world.cards.mynumber) {
      expect(individualNumberCheckDigit(myNumber.slice(0, 11))).not.toBe(myNumber[11]);
    }
  });
});

describe('check digits', () => {
  it('agree with a number in use (全国健康保険協会 東京支部) and with the sample on specimen cards', () => {
    expect(insuranceCheckDigit('0113001')).toBe('2');
    expect(individualNumberCheckDigit('12345678901')).toBe('8');
  });
});

describe('the certificates of a synthetic world', () => {
  const options = (anchors: readonly { certificate: string }[]) => ({
    anchors: anchors.map(({ certificate }) => parse(certificate)),
    world: 'test' as const,
    at: NOW,
  });

  it('hold for every My Number Card: path to the generation that issued it, use, policy', async () => {
    for (const card of world.cards.mynumber) {
      const auth = await verifyJpkiCertificate(parseBase64(card.authCertificate), options(world.jpki.auth));
      expect(encodeBase64(auth.issuer.der)).toBe(card.authCaCertificate);
      const sign = await verifyJpkiCertificate(parseBase64(card.signCertificate), {
        ...options(world.jpki.sign),
        profile: JPKI_SIGNATURE,
      });
      expect(encodeBase64(sign.issuer.der)).toBe(card.signCaCertificate);
    }
    expect(new Set(world.cards.mynumber.map((card) => card.authCaCertificate)).size).toBe(2);
  });

  it('hold for every HPKI card, with the holder’s role', async () => {
    for (const [i, card] of world.cards.hpki.entries()) {
      const chain = [parseBase64(card.signCertificate), ...card.caCertificates.map(parseBase64)] as const;
      const { role } = await verifyHpkiCertificate([chain[0], ...chain.slice(1)], options([world.hpki.root]));
      expect(role.text).toBe(world.staff[i]?.role);
    }
    expect(world.staff.map((member) => member.role)).toEqual([
      'Medical Doctor',
      'Medical Doctor',
      'Pharmacist',
      'General Nurse',
    ]);
  });

  it('hold for OpenSSL too, and say that they are synthetic', () => {
    for (const card of world.cards.mynumber) {
      const leaf = openssl(card.authCertificate);
      const ca = openssl(card.authCaCertificate);
      expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true);
      expect(leaf.checkPrivateKey(importRsaPrivateKey(card.authKey))).toBe(true);
      expect(leaf.subject).toContain('SYNTHETIC');
    }
    const sign = openssl(world.hpki.sign.certificate);
    for (const card of world.cards.hpki) {
      const leaf = openssl(card.signCertificate);
      expect(leaf.checkIssued(sign) && leaf.verify(sign.publicKey)).toBe(true);
      expect(leaf.checkPrivateKey(importRsaPrivateKey(card.signKey))).toBe(true);
      expect(leaf.subject).toContain('SYNTHETIC');
    }
    expect(sign.checkIssued(openssl(world.hpki.root.certificate))).toBe(true);
  });

  it('have three generations of authorities with one name and three keys', () => {
    for (const generations of [world.jpki.auth, world.jpki.sign]) {
      const certificates = generations.map(({ certificate }) => openssl(certificate));
      expect(new Set(certificates.map((ca) => ca.subject)).size).toBe(1);
      expect(new Set(certificates.map((ca) => ca.fingerprint256)).size).toBe(3);
      expect(certificates.map((ca) => new Date(ca.validTo) < NOW)).toEqual([true, false, false]);
    }
  });
});

describe('the records on synthetic cards', () => {
  it('are signed: CA over the card-verifiable certificate, its key over the card’s key record', () => {
    const { ca, cvc, issuerPrivateKey } = world.cardIssuers.text;
    const issuerKey = { kty: 'RSA', n: issuerPrivateKey.n, e: issuerPrivateKey.e } as const;
    const body = encodeVerifiableCertificateBody({
      issuer: ca.identifier,
      subject: { number: '6100033', group: '000' },
      publicKey: issuerKey,
    });
    const signatureOf = (file: string) => parseBase64(file).subarray(-256);
    expect(verify('sha256', body, createPublicKey({ key: { ...ca.publicKey }, format: 'jwk' }), signatureOf(cvc))).toBe(
      true,
    );
    for (const card of world.cards.mynumber) {
      expect(card.textCvc).toBe(cvc);
      const record = encodeTextKeyRecordBody(card.textKey);
      const key = createPublicKey({ key: issuerKey, format: 'jwk' });
      expect(verify('sha256', record, key, signatureOf(card.textKeyRecord))).toBe(true);
    }
  });
});

describe('a world in a file', () => {
  it('comes back as it was', () => {
    expect(parseWorld(serialiseWorld(world))).toEqual(world);
  });

  it('may be from before lists had reasons', () => {
    const reason = world.jpki.auth.flatMap(({ revoked }) => revoked.map((entry) => entry.reason));
    expect(reason).toEqual(['cessationOfOperation']);
    const text = serialiseWorld(world).replace(/,\s*"reason": "cessationOfOperation"/, '');
    expect(text).not.toContain('cessationOfOperation');
    expect(parseWorld(text)).toEqual(world);
  });

  it.each([
    ['no JSON', 'certainly not'],
    ['another version', '{"version":2}'],
    ['a world without people', '{"version":1,"seed":"x","createdAt":"2026-01-01T00:00:00Z"}'],
  ])('is refused when it is %s', (_, text) => {
    expect(() => parseWorld(text)).toThrow(RangeError);
  });
});
