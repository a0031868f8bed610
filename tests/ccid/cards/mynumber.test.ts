import { constants, createHash, createPublicKey, publicDecrypt, verify, X509Certificate } from 'node:crypto';
import { concatBytes, encodeHex, type CardChannel } from 'webusb-ccid';
import {
  createMynumberPin,
  createMynumberTerminal,
  encodeEraDate,
  enrolTap,
  inspectMyNumber,
  matchesIntegrityRecord,
  mynumberTap,
  parseAgeRecord,
  parseCardVerifiableCertificate,
  parseIntegrityRecord,
  parseMyNumber,
  parseTextAttributes,
  parseTextKeyRecord,
  selectJpki,
  selectSurface,
  selectText,
  toJwk,
  verifyCardSignature,
} from 'webusb-ccid/mynumber';
import { createSimulatedTerminal } from 'webusb-ccid/simulated';
import { describe, expect, it } from 'vitest';
import {
  ascii,
  createForeignCard,
  createHpkiCard,
  createMyNumberCard,
  fromBase64,
  myNumberPersonalisation,
  openChannel,
} from '../simulated-cards/test-cards.ts';

const statement = ascii('header.payload');
const certificate = fromBase64(myNumberPersonalisation.authCertificate);
const textKey = createPublicKey({
  key: { kty: 'RSA', n: myNumberPersonalisation.textKey.n, e: myNumberPersonalisation.textKey.e },
  format: 'jwk',
});
const authKey = new X509Certificate(certificate).publicKey;

describe('a tap', () => {
  it('reads the certificate, asks for the statement and signs it without PIN', async () => {
    const steps: string[] = [];
    const proof = await mynumberTap.prove(
      openChannel(createMyNumberCard()),
      (card) => {
        expect(card.certificate).toEqual(certificate);
        steps.push('statement');
        return Promise.resolve(statement);
      },
      { onProgress: (step) => steps.push(step) },
    );
    expect(proof.certificate).toEqual(certificate);
    expect(verify('sha256', statement, textKey, proof.signature)).toBe(true);
    expect(steps).toEqual(['found', 'read', 'statement', 'signed']);
  });

  it('needs one command for each application, one for each 256 bytes and one to sign', async () => {
    const channel = openChannel(createMyNumberCard());
    await mynumberTap.prove(channel, () => Promise.resolve(statement));
    expect(channel.sent).toHaveLength(2 + Math.ceil(certificate.length / 256) + 1);
    expect(channel.sent.some((command) => command[1] === 0x20)).toBe(false);
    expect(encodeHex(channel.sent.at(-1)!).slice(0, 10)).toBe('802A000033');
  });

  it.each([
    ['HPKI', createHpkiCard],
    ['foreign', createForeignCard],
  ])('is not for an %s card', async (_, create) => {
    const proof = mynumberTap.prove(openChannel(create()), () => Promise.resolve(statement));
    await expect(proof).rejects.toMatchObject({ code: 'not_this_card' });
  });

  it('is not for a phone, which has no text application and hides its certificate', async () => {
    const proof = mynumberTap.prove(openChannel(createMyNumberCard({ device: 'android' })), () =>
      Promise.resolve(statement),
    );
    await expect(proof).rejects.toMatchObject({ code: 'not_permitted' });
  });

  it('does not start when the caller gave up', async () => {
    const channel = openChannel(createMyNumberCard());
    const proof = mynumberTap.prove(channel, () => Promise.resolve(statement), { signal: AbortSignal.abort() });
    await expect(proof).rejects.toMatchObject({ code: 'aborted' });
    expect(channel.sent).toHaveLength(0);
  });
});

describe('the PIN method', () => {
  it('signs with the authentication key', async () => {
    const method = createMynumberPin(ascii('1234'));
    const proof = await method.prove(openChannel(createMyNumberCard()), () => Promise.resolve(statement));
    expect(verify('sha256', statement, authKey, proof.signature)).toBe(true);
  });

  it('works with a phone too', async () => {
    const channel = openChannel(createMyNumberCard({ device: 'iphone' }));
    const proof = await createMynumberPin(ascii('1234')).prove(channel, () => Promise.resolve(statement));
    expect(verify('sha256', statement, authKey, proof.signature)).toBe(true);
  });

  it('says how many tries are left, never repeats a PIN, and does not spend the last try unasked', async () => {
    const card = createMyNumberCard();
    const attempt = (allow?: boolean) => {
      const channel = openChannel(card);
      const proof = createMynumberPin(ascii('0000'), allow).prove(channel, () => Promise.resolve(statement));
      return { channel, proof };
    };
    const verifications = ({ channel }: { channel: { sent: readonly Uint8Array[] } }) =>
      channel.sent.filter((command) => command[1] === 0x20 && command.length > 5).length;

    const first = attempt();
    await expect(first.proof).rejects.toMatchObject({ code: 'pin_wrong', attemptsLeft: 2 });
    expect(verifications(first)).toBe(1);
    await expect(attempt().proof).rejects.toMatchObject({ code: 'pin_wrong', attemptsLeft: 1 });
    const last = attempt();
    await expect(last.proof).rejects.toMatchObject({ code: 'pin_last_attempt', attemptsLeft: 1 });
    expect(verifications(last)).toBe(0);
    await expect(attempt(true).proof).rejects.toMatchObject({ code: 'pin_blocked', attemptsLeft: 0 });
    const blocked = attempt(true);
    await expect(blocked.proof).rejects.toMatchObject({ code: 'pin_blocked' });
    expect(verifications(blocked)).toBe(0);
  });

  it('wipes the command that carried the PIN and leaves the caller’s bytes alone', async () => {
    const card = createMyNumberCard();
    const carried: Uint8Array[] = [];
    const channel: CardChannel = {
      transmit(command) {
        if (command[1] === 0x20 && command.length > 5) carried.push(command);
        return card.process(command.slice());
      },
    };
    const pin = ascii('1234');
    await createMynumberPin(pin).prove(channel, () => Promise.resolve(statement));
    expect(carried).toEqual([new Uint8Array(9)]);
    expect(pin).toEqual(ascii('1234'));
  });
});

describe('a PIN that cannot be right', () => {
  it.each([
    ['auth', ''],
    ['auth', '123'],
    ['auth', '12345'],
    ['auth', '12A4'],
    ['sign', 'ABC12'],
    ['sign', 'abc123'],
    ['sign', 'ABCDEFGHIJKLMNOP1'],
  ] as const)('costs no try: %s %s', async (identity, value) => {
    const channel = openChannel(createMyNumberCard());
    const jpki = await selectJpki(channel);
    await expect(jpki.verifyPin(identity, ascii(value))).rejects.toBeInstanceOf(RangeError);
    expect(channel.sent).toHaveLength(1);
  });

  it('stops an enrolment before the card is asked anything', async () => {
    const channel = openChannel(createMyNumberCard());
    const request = { challenge: new Uint8Array(32), context: ascii(''), authPin: ascii('1234'), textPin: ascii('12') };
    await expect(enrolTap(channel, request)).rejects.toBeInstanceOf(RangeError);
    expect(channel.sent).toHaveLength(0);
  });
});

describe('the terminal method', () => {
  it('opens the authentication key of a simulated card and says that it was simulated', async () => {
    const method = createMynumberTerminal(createSimulatedTerminal());
    const channel = openChannel(createMyNumberCard());
    const proof = await method.prove(channel, () => Promise.resolve(statement));
    expect(verify('sha256', statement, authKey, proof.signature)).toBe(true);
    expect(proof.isSimulated).toBe(true);
    expect(channel.sent.some((command) => command[1] === 0x20)).toBe(false);
  });

  it('is unavailable where nobody is certified', async () => {
    const method = createMynumberTerminal({
      authenticateTerminal: () => Promise.resolve({ kind: 'unavailable', reason: 'no certificate' }),
    });
    const proof = method.prove(openChannel(createMyNumberCard()), () => Promise.resolve(statement));
    await expect(proof).rejects.toMatchObject({ code: 'not_permitted' });
  });

  it('is unavailable with a card that refuses the simulated command, as every real one does', async () => {
    const outcome = await createSimulatedTerminal().authenticateTerminal(openChannel(createForeignCard()));
    expect(outcome.kind).toBe('unavailable');
  });
});

describe('enrolment of a tap', () => {
  const request = {
    challenge: new Uint8Array(32).fill(7),
    context: ascii('institution'),
    authPin: ascii('1234'),
    textPin: ascii('5678'),
  };

  it('gives a verifier everything that it binds', async () => {
    const enrolment = await enrolTap(openChannel(createMyNumberCard()), request);
    const signed = concatBytes(request.challenge, request.context);
    expect(verify('sha256', signed, authKey, enrolment.authSignature)).toBe(true);

    const record = parseTextKeyRecord(enrolment.textKeyRecord);
    const issuer = parseCardVerifiableCertificate(enrolment.textCvc);
    expect(issuer.issuer.number).toBe('6000033');
    expect(await verifyCardSignature(issuer.publicKey, record.signature, record.signedBytes)).toBe(true);
    const { n, e } = myNumberPersonalisation.textKey;
    expect(toJwk(record.publicKey)).toEqual({ kty: 'RSA', n, e });
    const withSuffix = concatBytes(signed, ascii('ap'));
    expect(await verifyCardSignature(record.publicKey, enrolment.textSignature, withSuffix)).toBe(true);
    expect(await verifyCardSignature(record.publicKey, enrolment.textSignature, signed)).toBe(false);
  });

  it('stops at a wrong PIN and has spent one try', async () => {
    const card = createMyNumberCard();
    const enrolment = enrolTap(openChannel(card), { ...request, textPin: ascii('0000') });
    await expect(enrolment).rejects.toMatchObject({ code: 'pin_wrong', attemptsLeft: 2 });
    const text = await selectText(openChannel(card));
    expect(await text.readTriesLeft()).toBe(2);
  });

  it('wants a long challenge', async () => {
    const enrolment = enrolTap(openChannel(createMyNumberCard()), { ...request, challenge: new Uint8Array(31) });
    await expect(enrolment).rejects.toBeInstanceOf(RangeError);
  });
});

describe('the JPKI application', () => {
  it('reads both certificates and their CAs', async () => {
    const jpki = await selectJpki(openChannel(createMyNumberCard()));
    expect(await jpki.readCertificate('auth')).toEqual(certificate);
    expect(await jpki.readCaCertificate('auth')).toEqual(fromBase64(myNumberPersonalisation.authCaCertificate));
    expect(await jpki.readCaCertificate('sign')).toEqual(fromBase64(myNumberPersonalisation.signCaCertificate));
    await expect(jpki.readCertificate('sign')).rejects.toMatchObject({ code: 'not_permitted', statusWord: 0x6982 });
    await jpki.verifyPin('sign', ascii('ABC123'));
    expect(await jpki.readCertificate('sign')).toEqual(fromBase64(myNumberPersonalisation.signCertificate));
  });

  it('signs with the signature key after its password', async () => {
    const jpki = await selectJpki(openChannel(createMyNumberCard()));
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', statement as Uint8Array<ArrayBuffer>));
    await expect(jpki.sign('sign', digest)).rejects.toMatchObject({ code: 'not_permitted' });
    await jpki.verifyPin('sign', ascii('ABC123'));
    const key = new X509Certificate(fromBase64(myNumberPersonalisation.signCertificate)).publicKey;
    expect(verify('sha256', statement, key, await jpki.sign('sign', digest))).toBe(true);
  });

  it('counts tries without spending them', async () => {
    const jpki = await selectJpki(openChannel(createMyNumberCard()));
    expect([await jpki.readTriesLeft('auth'), await jpki.readTriesLeft('sign')]).toEqual([3, 5]);
    expect([await jpki.readTriesLeft('auth'), await jpki.readTriesLeft('sign')]).toEqual([3, 5]);
  });

  it.each(['card', 'android', 'iphone'] as const)('knows a %s', async (device) => {
    const jpki = await selectJpki(openChannel(createMyNumberCard({ device })));
    expect(await jpki.readDevice()).toBe(device);
    expect(await jpki.readAvailability()).toEqual({ auth: true, sign: true });
  });

  it('changes a PIN after the old one', async () => {
    const card = createMyNumberCard();
    const jpki = await selectJpki(openChannel(card));
    await expect(jpki.changePin('auth', ascii('9876'))).rejects.toMatchObject({ code: 'not_permitted' });
    await jpki.verifyPin('auth', ascii('1234'));
    await expect(jpki.changePin('auth', ascii('98765'))).rejects.toBeInstanceOf(RangeError);
    await jpki.changePin('auth', ascii('9876'));
    const again = await selectJpki(openChannel(card));
    await again.verifyPin('auth', ascii('9876'));
  });
});

describe('every form of signature', () => {
  const digest = createHash('sha256').update(statement).digest();
  const pss = { key: authKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

  it.each([
    ['digest', digest, authKey],
    ['message', statement, authKey],
    ['digestPss', digest, pss],
    ['messagePss', statement, pss],
  ] as const)('%s', async (form, data, key) => {
    const jpki = await selectJpki(openChannel(createMyNumberCard()));
    await jpki.verifyPin('auth', ascii('1234'));
    expect(verify('sha256', statement, key, await jpki.signAs('auth', form, data))).toBe(true);
  });

  it('messageBareHash', async () => {
    const jpki = await selectJpki(openChannel(createMyNumberCard()));
    await jpki.verifyPin('auth', ascii('1234'));
    const signature = await jpki.signAs('auth', 'messageBareHash', statement);
    expect(publicDecrypt(authKey, signature)).toEqual(digest);
  });
});

describe('the text application', () => {
  it('shows the attributes after the PIN, and the issuer vouches for them', async () => {
    const text = await selectText(openChannel(createMyNumberCard()));
    await expect(text.readRecord('attributes')).rejects.toMatchObject({ code: 'not_permitted' });
    await text.verify('pin', ascii('5678'));
    const attributes = await text.readRecord('attributes');
    expect(parseTextAttributes(attributes)).toEqual(myNumberPersonalisation.attributes);

    const record = parseIntegrityRecord(await text.readRecord('integrity'));
    const issuer = parseCardVerifiableCertificate(await text.readRecord('certificate'));
    expect(await verifyCardSignature(issuer.publicKey, record.signature, record.signedBytes)).toBe(true);
    const myNumber = await text.readMyNumberFile();
    expect(await matchesIntegrityRecord(record, { attributes, myNumber })).toBe(true);
    expect(await matchesIntegrityRecord(record, { myNumber: attributes })).toBe(false);
    attributes[attributes.length - 1] = 0x31;
    expect(await matchesIntegrityRecord(record, { attributes })).toBe(false);
  });

  it('opens the number to number A, which is the number, and the attributes to number B', async () => {
    const card = createMyNumberCard();
    const byA = await selectText(openChannel(card));
    await byA.verify('numberA', ascii(myNumberPersonalisation.myNumber));
    expect(parseMyNumber(await byA.readMyNumberFile())).toBe(myNumberPersonalisation.myNumber);
    await expect(byA.readRecord('attributes')).rejects.toMatchObject({ code: 'not_permitted' });

    const byB = await selectText(openChannel(card));
    await byB.verify('numberB', ascii(myNumberPersonalisation.cardNumberB));
    expect(parseTextAttributes(await byB.readRecord('attributes')).sex).toBe('2');
    await expect(byB.readMyNumberFile()).rejects.toMatchObject({ code: 'not_permitted' });
  });

  it('changes its PIN', async () => {
    const card = createMyNumberCard();
    const text = await selectText(openChannel(card));
    await text.verify('pin', ascii('5678'));
    await text.changePin(ascii('8765'));
    const again = await selectText(openChannel(card));
    await expect(again.verify('pin', ascii('5678'))).rejects.toMatchObject({ code: 'pin_wrong', attemptsLeft: 2 });
    await again.verify('pin', ascii('8765'));
    expect(await again.readTriesLeft()).toBe(3);
  });
});

describe('the surface application', () => {
  it('opens the age record by the birth date; its key signs, and the issuer vouches for it', async () => {
    const surface = await selectSurface(openChannel(createMyNumberCard()));
    await expect(surface.readRecord('ageRecord')).rejects.toMatchObject({ code: 'not_permitted' });
    await surface.verify('birthDate', encodeEraDate('1980-02-17'));
    const record = parseAgeRecord(await surface.readRecord('ageRecord'));
    expect(record.birthDate).toBe('1980-02-17');
    const issuer = parseCardVerifiableCertificate(await surface.readRecord('certificate'));
    expect(issuer.issuer.number).toBe('6000023');
    expect(await verifyCardSignature(issuer.publicKey, record.signature, record.signedBytes)).toBe(true);
    const signature = await surface.sign(createHash('sha256').update(statement).digest());
    expect(await verifyCardSignature(record.publicKey, signature, statement)).toBe(true);
  });

  it('counts wrong birth dates', async () => {
    const surface = await selectSurface(openChannel(createMyNumberCard()));
    const before = await surface.readTriesLeft('birthDate');
    const wrong = surface.verify('birthDate', encodeEraDate('1980-02-18'));
    await expect(wrong).rejects.toMatchObject({ code: 'pin_wrong', attemptsLeft: before - 1 });
  });
});

describe('an inspection', () => {
  it('shows what is free, spends no try and sends no PIN', async () => {
    const channel = openChannel(createMyNumberCard());
    const inspection = await inspectMyNumber(channel);
    expect(inspection).toMatchObject({
      device: 'card',
      auth: { isThere: true, triesLeft: 3, certificate },
      sign: { isThere: true, triesLeft: 5 },
      text: { triesLeft: 3 },
      surface: { certificate: fromBase64(myNumberPersonalisation.surface!.cvc) },
    });
    expect(inspection.sign.certificate).toBeUndefined();
    expect(channel.sent.filter((command) => command[1] === 0x20 && command.length > 4)).toEqual([]);
  });

  it('shows less of a phone', async () => {
    const inspection = await inspectMyNumber(openChannel(createMyNumberCard({ device: 'android' })));
    expect(inspection.device).toBe('android');
    expect([inspection.auth.certificate, inspection.text, inspection.surface]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
