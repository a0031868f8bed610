import { createPublicKey, createHash, verify, X509Certificate } from 'node:crypto';
import type { CardChannel } from 'webusb-ccid';
import { openHpkiAuthentication, openHpkiSign } from 'webusb-ccid/hpki';
import {
  enrolTap,
  mynumberTap,
  parseAgeRecord,
  parseCardVerifiableCertificate,
  parseTextKeyRecord,
  selectSurface,
  selectText,
  toJwk,
  verifyCardSignature,
} from 'webusb-ccid/mynumber';
import { type CardPersonalisation, createSimulatedCard } from 'webusb-ccid/simulated';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeUtf8, parseBase64 } from '#api/contract/encoding.ts';
import { parseCertificate } from '#api/contract/certificate.ts';
import { HPKI_AUTHENTICATION, verifyHpkiCertificate } from '#api/contract/hpki-certificate.ts';
import { verifyJpkiCertificate } from '#api/contract/jpki-certificate.ts';
import { SYNTHETIC_PINS } from '#api/synthetic/cards/my-number-card.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { NOW, WORLD_TIMEOUT_MS, sharedWorld } from './shared-world.ts';

let world: SyntheticWorld;
beforeAll(async () => {
  world = await sharedWorld();
}, WORLD_TIMEOUT_MS);

function lay(personalisation: CardPersonalisation): CardChannel {
  const card = createSimulatedCard(personalisation);
  return { transmit: (command) => card.process(command) };
}
const keyOf = (jwk: object) => createPublicKey({ key: { ...jwk }, format: 'jwk' });
const anchorsOf = (...authorities: readonly { readonly certificate: string }[]) =>
  authorities.map(({ certificate }) => parseCertificate(parseBase64(certificate)));

describe('a synthetic My Number Card on the simulated card system', () => {
  it('enrols and taps, and every signature leads to what the world says is to be pinned', async () => {
    for (const card of world.cards.mynumber.slice(0, 3)) {
      const channel = lay(card);
      const challenge = new Uint8Array(32).fill(7);
      const context = encodeUtf8('test');
      const enrolment = await enrolTap(channel, {
        challenge,
        context,
        authPin: encodeUtf8(SYNTHETIC_PINS.authPin),
        textPin: encodeUtf8(SYNTHETIC_PINS.textPin),
      });

      const anchors = anchorsOf(...world.jpki.auth);
      const { certificate } = await verifyJpkiCertificate(enrolment.certificate, { anchors, world: 'test', at: NOW });
      const authKey = new X509Certificate(certificate.der).publicKey;
      expect(verify('sha256', Buffer.concat([challenge, context]), authKey, enrolment.authSignature)).toBe(true);

      const cvc = parseCardVerifiableCertificate(enrolment.textCvc);
      const { ca } = world.cardIssuers.text;
      expect({ number: cvc.issuer.number, group: cvc.issuer.group }).toEqual(ca.identifier);
      expect(verify('sha256', cvc.signedBytes, keyOf(ca.publicKey), cvc.signature)).toBe(true);
      const record = parseTextKeyRecord(enrolment.textKeyRecord);
      expect(await verifyCardSignature(cvc.publicKey, record.signature, record.signedBytes)).toBe(true);

      const textKey = keyOf(toJwk(record.publicKey));
      const enrolled = Buffer.concat([challenge, context, encodeUtf8('ap')]);
      expect(verify('sha256', enrolled, textKey, enrolment.textSignature)).toBe(true);

      const statement = encodeUtf8('a visit');
      const tap = await mynumberTap.prove(channel, () => Promise.resolve(statement));
      expect(tap.certificate).toEqual(enrolment.certificate);
      expect(verify('sha256', statement, textKey, tap.signature)).toBe(true);
    }
  });

  it('tells its holder’s attributes after the PIN and the age record after the birth date', async () => {
    const [card] = world.cards.mynumber;
    const [person] = world.people;
    const text = await selectText(lay(card!));
    await text.verify('pin', encodeUtf8(SYNTHETIC_PINS.textPin));
    expect(new TextDecoder().decode(await text.readRecord('attributes'))).toContain(card!.attributes.name);

    const surface = await selectSurface(lay(card!));
    await surface.verify('birthDate', encodeUtf8(card!.cardNumberB.slice(0, 6)));
    const record = parseAgeRecord(await surface.readRecord('ageRecord'));
    expect(record.birthDate).toBe(person!.birthDate);
    const cvc = parseCardVerifiableCertificate(await surface.readRecord('certificate'));
    expect(verify('sha256', cvc.signedBytes, keyOf(world.cardIssuers.surface.ca.publicKey), cvc.signature)).toBe(true);
    expect(await verifyCardSignature(cvc.publicKey, record.signature, record.signedBytes)).toBe(true);
  });
});

describe('a synthetic HPKI card on the simulated card system', () => {
  it('signs with either layout, and its chain leads to the root', async () => {
    expect(new Set(world.cards.hpki.map(({ layout }) => layout))).toEqual(new Set(['guideline', 'jma']));
    for (const card of world.cards.hpki) {
      const application = await openHpkiSign(lay(card));
      const leaf = await application.readCertificate();
      const authorities = await application.readAuthorities();
      const options = { anchors: anchorsOf(world.hpki.root), world: 'test', at: NOW } as const;
      const chain = authorities.length > 0 ? authorities : card.caCertificates.map(parseBase64);
      const { role } = await verifyHpkiCertificate([leaf, ...chain], options);
      expect(card.label).toContain(role.text);

      const message = encodeUtf8('a request');
      await application.verifyPin(encodeUtf8(SYNTHETIC_PINS.hpkiPin));
      const signature = await application.sign(createHash('sha256').update(message).digest());
      expect(verify('sha256', message, new X509Certificate(leaf).publicKey, signature)).toBe(true);
    }
  });

  it('carries an authentication certificate of its own profile', async () => {
    const [card] = world.cards.hpki;
    const application = await openHpkiAuthentication(lay(card!));
    const options = {
      anchors: anchorsOf(world.hpki.root),
      world: 'test',
      at: NOW,
      profile: HPKI_AUTHENTICATION,
    } as const;
    const chain = [await application.readCertificate(), parseBase64(world.hpki.auth.certificate)] as const;
    await expect(verifyHpkiCertificate(chain, options)).resolves.toMatchObject({ role: { text: 'Medical Doctor' } });
  });
});
