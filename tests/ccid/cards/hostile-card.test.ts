import fc from 'fast-check';
import { CardError, type CardChannel } from 'webusb-ccid';
import { openHpkiSign } from 'webusb-ccid/hpki';
import {
  createMynumberPin,
  enrolTap,
  inspectMyNumber,
  mynumberTap,
  selectSurface,
  selectText,
} from 'webusb-ccid/mynumber';
import { describe, expect, it } from 'vitest';
import { ascii } from '../simulated-cards/test-cards.ts';

const statement = () => Promise.resolve(ascii('header.payload'));
const pin = ascii('1234');

/** Everything the host side does with a card, in one go or another. */
const dialogues: Readonly<Record<string, (channel: CardChannel) => Promise<unknown>>> = {
  tap: (channel) => mynumberTap.prove(channel, statement),
  pin: (channel) => createMynumberPin(pin).prove(channel, statement),
  enrolment: (channel) =>
    enrolTap(channel, { challenge: new Uint8Array(32), context: pin, authPin: pin, textPin: pin }),
  inspection: (channel) => inspectMyNumber(channel),
  text: async (channel) => (await selectText(channel)).readMyNumberFile(),
  surface: async (channel) => (await selectSurface(channel)).readRecord('ageRecord'),
  hpki: async (channel) => {
    const hpki = await openHpkiSign(channel);
    await hpki.readCertificate();
    await hpki.readAuthorities();
    await hpki.verifyPin(pin);
    return hpki.sign(new Uint8Array(32));
  },
};

const sw = fc.constantFrom(
  '9000',
  '9000',
  '9000',
  '6282',
  '63C0',
  '63C2',
  '6982',
  '6984',
  '6A82',
  '6B00',
  '6C10',
  '6D00',
);
const hex = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const tlv = fc.constantFrom('3082039F', '3003020101', 'FF5002DF51', '7F2100', 'A00530030401A0', '');
const answer = fc.tuple(fc.oneof(hex, tlv), sw).map((parts) => Uint8Array.from(Buffer.from(parts.join(''), 'hex')));

describe.each(Object.entries(dialogues))('%s with a card that answers anything', (_, run) => {
  it('ends, in a value or a CardError, and sends no PIN twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(answer, fc.uint8Array({ maxLength: 1 })), { maxLength: 40 }),
        async (answers) => {
          let at = 0;
          let secrets = 0;
          const channel: CardChannel = {
            transmit(command) {
              if (command[1] === 0x20 && command.length > 5) secrets += 1;
              return Promise.resolve(answers[at++] ?? Uint8Array.of(0x6f, 0x00));
            },
          };
          try {
            await run(channel);
          } catch (error) {
            expect(error).toBeInstanceOf(CardError);
          }
          // An enrolment has two PINs.
          expect(secrets).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 200 },
    );
  });
});

it('an object that claims four gigabytes is not read', async () => {
  const channel: CardChannel = {
    transmit: (command) =>
      Promise.resolve(Uint8Array.from(command[1] === 0xb0 ? [0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x90, 0] : [0x90, 0])),
  };
  await expect(mynumberTap.prove(channel, statement)).rejects.toMatchObject({ code: 'wrong_data' });
});
