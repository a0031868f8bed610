import { verify, X509Certificate } from 'node:crypto';
import { encodeHex, type CardChannel } from 'webusb-ccid';
import { encodeSignatureBlock, openHpkiAuthentication, openHpkiSign } from 'webusb-ccid/hpki';
import { describe, expect, it } from 'vitest';
import {
  ascii,
  createHpkiCard,
  createMyNumberCard,
  fromBase64,
  hpkiPersonalisation,
  openChannel,
} from '../simulated-cards/test-cards.ts';

const message = ascii('a share request');
const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', message as Uint8Array<ArrayBuffer>));
const signKey = new X509Certificate(fromBase64(hpkiPersonalisation.signCertificate)).publicKey;
const pin = ascii('secret12');

describe.each(['guideline', 'jma'] as const)('an HPKI card in the %s layout', (layout) => {
  it('shows its certificate and signs after the PIN', async () => {
    const hpki = await openHpkiSign(openChannel(createHpkiCard({ layout })));
    expect(hpki.layout.source).toBe(layout === 'jma' ? 'jma' : 'iso7816-15');
    expect(await hpki.readCertificate()).toEqual(fromBase64(hpkiPersonalisation.signCertificate));
    await hpki.verifyPin(pin);
    expect(verify('sha256', message, signKey, await hpki.sign(digest))).toBe(true);
  });

  it('wants the PIN before every signature', async () => {
    const hpki = await openHpkiSign(openChannel(createHpkiCard({ layout })));
    await expect(hpki.sign(digest)).rejects.toMatchObject({ code: 'not_permitted' });
    await hpki.verifyPin(pin);
    await hpki.sign(digest);
    await expect(hpki.sign(digest)).rejects.toMatchObject({ code: 'not_permitted' });
    expect(hpki.layout.wantsPinEachTime).toBe(true);
  });

  it('counts wrong PINs', async () => {
    const hpki = await openHpkiSign(openChannel(createHpkiCard({ layout })));
    expect(await hpki.readTriesLeft()).toBe(5);
    await expect(hpki.verifyPin(ascii('wrong'))).rejects.toMatchObject({ code: 'pin_wrong', attemptsLeft: 4 });
  });
});

describe('the guideline layout', () => {
  it('names every file by the objects on the card', async () => {
    const { layout } = await openHpkiSign(openChannel(createHpkiCard()));
    expect(layout).toEqual({
      source: 'iso7816-15',
      certificate: { kind: 'short', sfi: 0x18 },
      authorities: [
        { kind: 'short', sfi: 0x19 },
        { kind: 'short', sfi: 0x1a },
      ],
      pinReference: 0x96,
      key: { tag: 0x81, id: 0x0017 },
      wantsPinEachTime: true,
    });
  });

  it('shows the root and the CA between', async () => {
    const hpki = await openHpkiSign(openChannel(createHpkiCard()));
    expect(await hpki.readAuthorities()).toEqual(
      [hpkiPersonalisation.rootCertificate, ...hpkiPersonalisation.caCertificates].map(fromBase64),
    );
  });

  it('keeps the PIN of the authentication application for the session', async () => {
    const hpki = await openHpkiAuthentication(openChannel(createHpkiCard()));
    expect(hpki.layout.wantsPinEachTime).toBe(false);
    await hpki.verifyPin(pin);
    const key = new X509Certificate(await hpki.readCertificate()).publicKey;
    for (let i = 0; i < 2; i += 1) expect(verify('sha256', message, key, await hpki.sign(digest))).toBe(true);
  });
});

describe('a signature', () => {
  it('sends the whole padded block with extended length', async () => {
    const channel = openChannel(createHpkiCard());
    const hpki = await openHpkiSign(channel);
    await hpki.verifyPin(pin);
    await hpki.sign(digest);
    const [environment, operation] = channel.sent.slice(-2).map(encodeHex);
    expect(environment).toBe('002241B60481020017');
    expect(operation).toBe(`002A9E9A000100${encodeHex(encodeSignatureBlock(digest))}0000`);
  });

  it('is chained where the card or the reader refuses extended length', async () => {
    const card = createHpkiCard();
    const sent: string[] = [];
    const channel: CardChannel = {
      transmit(command) {
        sent.push(encodeHex(command.subarray(0, 5)));
        if (command.length > 262) return Promise.resolve(Uint8Array.of(0x67, 0x00));
        return card.process(command);
      },
    };
    const hpki = await openHpkiSign(channel);
    await hpki.verifyPin(pin);
    expect(verify('sha256', message, signKey, await hpki.sign(digest))).toBe(true);
    expect(sent.slice(-2)).toEqual(['102A9E9A80', '002A9E9A80']);
  });

  it('pads as RFC 8017 §9.2 says', () => {
    expect(encodeHex(encodeSignatureBlock(new Uint8Array(32)))).toBe(
      `0001${'FF'.repeat(202)}003031300D060960864801650304020105000420${'00'.repeat(32)}`,
    );
    expect(() => encodeSignatureBlock(new Uint8Array(20))).toThrow(RangeError);
  });
});

it('is not a My Number Card', async () => {
  await expect(openHpkiSign(openChannel(createMyNumberCard()))).rejects.toMatchObject({ code: 'not_this_card' });
});

it('refuses objects that do not fit ISO 7816-15', async () => {
  const card = createHpkiCard();
  const channel: CardChannel = {
    async transmit(command) {
      const answer = await card.process(command);
      // The object directory, with a length that runs past its end.
      if (encodeHex(command) === '00B0910000') answer[1] = 0x7f;
      return answer;
    },
  };
  await expect(openHpkiSign(channel)).rejects.toMatchObject({ code: 'wrong_data' });
});
