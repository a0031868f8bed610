import { CardError, type CardChannel } from 'webusb-ccid';
import { openHpkiAuthentication, openHpkiSign } from 'webusb-ccid/hpki';
import {
  createMynumberPin,
  createMynumberTerminal,
  encodeEraDate,
  enrolTap,
  inspectMyNumber,
  mynumberTap,
  parseAgeRecord,
  parseMyNumber,
  parseTextAttributes,
  SIGNATURE_FORMS,
  type SignatureForm,
  selectJpki,
  selectSurface,
  selectText,
} from 'webusb-ccid/mynumber';
import { createSimulatedTerminal, type SimulatedCard } from 'webusb-ccid/simulated';
import { ascii, createForeignCard, createHpkiCard, createMyNumberCard } from '../ccid/simulated-cards/test-cards.ts';

/** A dialogue between the host side and one card, and what comes of it. */
export interface Flow {
  readonly name: string;
  /** The first line of its transcript. */
  readonly about: string;
  readonly createCard: () => SimulatedCard;
  readonly run: (channel: CardChannel) => Promise<unknown>;
}

const statement = () => Promise.resolve(ascii('header.payload'));
const digest = new Uint8Array(32).fill(0x11);

/** Runs to the refusal that is expected, so that what follows it can be told. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'no refusal';
  } catch (error) {
    if (error instanceof CardError) return `${error.code} ${error.attemptsLeft ?? ''}`.trim();
    throw error;
  }
}

export const flows: readonly Flow[] = [
  {
    name: 'mynumber-tap',
    about: 'A tap: the certificate without PIN, then a signature by the key of the text application',
    createCard: createMyNumberCard,
    run: (channel) => mynumberTap.prove(channel, statement),
  },
  {
    name: 'mynumber-tap-phone',
    about: 'A tap with a phone, which shows its certificate to nobody without PIN',
    createCard: () => createMyNumberCard({ device: 'android' }),
    run: (channel) => refusal(mynumberTap.prove(channel, statement)),
  },
  {
    name: 'mynumber-tap-foreign',
    about: 'A tap with a card that is no My Number Card',
    createCard: createForeignCard,
    run: (channel) => refusal(mynumberTap.prove(channel, statement)),
  },
  {
    name: 'mynumber-enrolment',
    about: 'Enrolment of a tap: both keys sign one challenge, each after its own PIN',
    createCard: createMyNumberCard,
    run: (channel) =>
      enrolTap(channel, {
        challenge: new Uint8Array(32).fill(0x22),
        context: ascii('context'),
        authPin: ascii('1234'),
        textPin: ascii('5678'),
      }),
  },
  {
    name: 'mynumber-pin',
    about: 'Presence by PIN: the authentication key signs',
    createCard: createMyNumberCard,
    run: (channel) => createMynumberPin(ascii('1234')).prove(channel, statement),
  },
  {
    name: 'mynumber-pin-phone',
    about: 'Presence by PIN with a phone',
    createCard: () => createMyNumberCard({ device: 'iphone' }),
    run: (channel) => createMynumberPin(ascii('1234')).prove(channel, statement),
  },
  {
    name: 'mynumber-pin-blocked',
    about: 'Wrong PINs: two tries, a stop before the last, the last when allowed, then nothing more is sent',
    createCard: createMyNumberCard,
    async run(channel) {
      const attempt = (allow: boolean) => refusal(createMynumberPin(ascii('0000'), allow).prove(channel, statement));
      return [await attempt(false), await attempt(false), await attempt(false), await attempt(true), await attempt(true)];
    },
  },
  {
    name: 'mynumber-terminal-simulated',
    about: 'The authentication key opened by a simulated terminal: no real card understands the command in class F0',
    createCard: createMyNumberCard,
    run: (channel) => createMynumberTerminal(createSimulatedTerminal()).prove(channel, statement),
  },
  {
    name: 'mynumber-inspection',
    about: 'What a card says of itself without PIN: device, certificates, tries left',
    createCard: createMyNumberCard,
    run: (channel) => inspectMyNumber(channel),
  },
  {
    name: 'mynumber-sign',
    about: 'The signature key and its certificate after the password',
    createCard: createMyNumberCard,
    async run(channel) {
      const jpki = await selectJpki(channel);
      await jpki.verifyPin('sign', ascii('ABC123'));
      return [await jpki.readCertificate('sign'), await jpki.sign('sign', digest)];
    },
  },
  {
    name: 'mynumber-signature-forms',
    about: 'Every form of COMPUTE DIGITAL SIGNATURE; the salts of the last two count from 00',
    createCard: createMyNumberCard,
    async run(channel) {
      const jpki = await selectJpki(channel);
      await jpki.verifyPin('auth', ascii('1234'));
      const signatures: Uint8Array[] = [];
      for (const form of Object.keys(SIGNATURE_FORMS) as SignatureForm[]) {
        signatures.push(await jpki.signAs('auth', form, digest));
      }
      return signatures;
    },
  },
  {
    name: 'mynumber-change-pin',
    about: 'The authentication PIN changed from 1234 to 9876',
    createCard: createMyNumberCard,
    async run(channel) {
      const jpki = await selectJpki(channel);
      const early = await refusal(jpki.changePin('auth', ascii('9876')));
      await jpki.verifyPin('auth', ascii('1234'));
      await jpki.changePin('auth', ascii('9876'));
      return [early, await refusal(jpki.verifyPin('auth', ascii('1234')))];
    },
  },
  {
    name: 'mynumber-text',
    about: 'Attributes and number after the PIN of the text application, with the record that vouches for them',
    createCard: createMyNumberCard,
    async run(channel) {
      const text = await selectText(channel);
      await text.verify('pin', ascii('5678'));
      return [
        parseTextAttributes(await text.readRecord('attributes')),
        parseMyNumber(await text.readMyNumberFile()),
        await text.readRecord('integrity'),
      ];
    },
  },
  {
    name: 'mynumber-surface',
    about: 'The age record opened by the birth date 17 February of the 55th year of Showa',
    createCard: createMyNumberCard,
    async run(channel) {
      const surface = await selectSurface(channel);
      await surface.verify('birthDate', encodeEraDate('1980-02-17'));
      return [parseAgeRecord(await surface.readRecord('ageRecord')).birthDate, await surface.sign(digest)];
    },
  },
  {
    name: 'hpki-sign-guideline',
    about: 'An HPKI card in the layout of the guideline: its objects are read, then it signs with extended length',
    createCard: createHpkiCard,
    async run(channel) {
      const hpki = await openHpkiSign(channel);
      const certificate = await hpki.readCertificate();
      await hpki.verifyPin(ascii('secret12'));
      return [certificate, await hpki.sign(digest), await refusal(hpki.sign(digest))];
    },
  },
  {
    name: 'hpki-sign-jma',
    about: 'An HPKI card of the Japan Medical Association, which has no object directory',
    createCard: () => createHpkiCard({ layout: 'jma' }),
    async run(channel) {
      const hpki = await openHpkiSign(channel);
      const certificate = await hpki.readCertificate();
      await hpki.verifyPin(ascii('secret12'));
      return [certificate, await hpki.sign(digest)];
    },
  },
  {
    name: 'hpki-authentication',
    about: 'The authentication application of an HPKI card, whose PIN holds for the session',
    createCard: createHpkiCard,
    async run(channel) {
      const hpki = await openHpkiAuthentication(channel);
      await hpki.verifyPin(ascii('secret12'));
      return [await hpki.sign(digest), await hpki.sign(digest), await hpki.readAuthorities()];
    },
  },
  {
    name: 'hpki-pin-wrong',
    about: 'A wrong PIN of an HPKI card',
    createCard: createHpkiCard,
    async run(channel) {
      const hpki = await openHpkiSign(channel);
      return refusal(hpki.verifyPin(ascii('wrong')));
    },
  },
];
