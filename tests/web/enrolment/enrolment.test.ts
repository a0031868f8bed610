import { describe, expect, it } from 'vitest';
import { encodeUtf8, parseBase64, parseBase64Url } from '#api/contract/encoding.ts';
import { encodeEnrolmentContext, type EnrolmentSubmission } from '#api/contract/enrolment.ts';
import { concatBytes } from 'webusb-ccid';
import { parseTextKeyRecord, verifyCardSignature } from 'webusb-ccid/mynumber';
import { enrolCard, readTriesLeft } from '#lib/enrolment/enrol-card.ts';
import { Enrolment } from '#lib/enrolment/enrolment.svelte.ts';
import { MY_NUMBER_CARD, openCounter } from '../simulated/simulated-counter.ts';

const ISSUED = {
  challenge: 'D'.repeat(42) + 'A',
  exchange: 'east',
  institution: 'sakura/1310000012',
  expires: '2026-11-22T03:01:00Z',
};

async function open() {
  const { reader, desk } = await openCounter();
  desk.lay(MY_NUMBER_CARD.id);
  const sent: EnrolmentSubmission[] = [];
  const used: Uint8Array[] = [];
  const parts = {
    withCard: reader.withCard.bind(reader),
    loadCards: () => import('webusb-ccid/mynumber'),
    fetchChallenge: () => Promise.resolve(ISSUED),
    send(submission: EnrolmentSubmission) {
      sent.push(submission);
      return Promise.resolve({ enrolledAt: '2026-11-22T03:00:00Z' } as never);
    },
  };
  const enrolment = new Enrolment({
    readTriesLeft: () => readTriesLeft(parts),
    enrol(pins, allowLastAttempt, onProgress) {
      used.push(pins.authPin, pins.textPin);
      return enrolCard(pins, allowLastAttempt, onProgress, parts);
    },
  });
  return { enrolment, sent, used };
}

const pin = (digits: string) => encodeUtf8(digits);

describe('with the right PIN', () => {
  it('makes both keys of the card sign the challenge', async () => {
    const { enrolment, sent } = await open();
    await enrolment.begin();
    expect(enrolment.step).toEqual({ kind: 'pin', pin: 'auth', triesLeft: 3, wrong: undefined });
    enrolment.hasOtherTextPin = true;
    await enrolment.enter(pin(MY_NUMBER_CARD.authPin));
    expect(enrolment.step).toMatchObject({ kind: 'pin', pin: 'text' });
    await enrolment.enter(pin(MY_NUMBER_CARD.textPin));
    expect(enrolment.step.kind).toBe('done');

    const [submission] = sent;
    expect(submission).toMatchObject({ challenge: ISSUED.challenge, certificate: MY_NUMBER_CARD.authCertificate });
    const statement = concatBytes(parseBase64Url(ISSUED.challenge), encodeEnrolmentContext(ISSUED), encodeUtf8('ap'));
    const { publicKey } = parseTextKeyRecord(parseBase64(submission!.textKeyRecord));
    expect(await verifyCardSignature(publicKey, parseBase64(submission!.textSignature), statement)).toBe(true);
  });

  it('wipes both PINs', async () => {
    const { enrolment, used } = await open();
    await enrolment.begin();
    enrolment.hasOtherTextPin = true;
    await enrolment.enter(pin(MY_NUMBER_CARD.authPin));
    await enrolment.enter(pin(MY_NUMBER_CARD.textPin));
    expect(used.map((bytes) => [...bytes])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });
});

describe('with a wrong PIN', () => {
  it('says how many attempts are left and never sends it again', async () => {
    const { enrolment, sent, used } = await open();
    await enrolment.begin();
    await enrolment.enter(pin('9999'));
    expect(enrolment.step).toEqual({ kind: 'pin', pin: 'auth', triesLeft: 2, wrong: 'auth' });
    expect(sent).toEqual([]);
    expect(used.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });

  it('tells the two PINs apart and then asks for both', async () => {
    const { enrolment } = await open();
    await enrolment.begin();
    // The test card's text PIN has other digits than its authentication PIN.
    await enrolment.enter(pin(MY_NUMBER_CARD.authPin));
    expect(enrolment.step).toMatchObject({ kind: 'pin', pin: 'auth', wrong: 'text' });
    expect(enrolment.hasOtherTextPin).toBe(true);
  });

  it('makes the last attempt only of somebody who was told, and then says that the PIN is blocked', async () => {
    const { enrolment } = await open();
    await enrolment.begin();
    await enrolment.enter(pin('9999'));
    await enrolment.enter(pin('9998'));
    expect(enrolment.step).toMatchObject({ kind: 'pin', triesLeft: 1 });
    await enrolment.enter(pin('9997'));
    expect(enrolment.step).toMatchObject({ kind: 'failed', error: { code: 'pin_blocked' } });
    await enrolment.begin();
    expect(enrolment.step).toMatchObject({ kind: 'failed', error: { code: 'pin_blocked' } });
  });
});

it('wipes the first PIN when the second is never given', async () => {
  const { enrolment } = await open();
  await enrolment.begin();
  enrolment.hasOtherTextPin = true;
  const authPin = pin('1234');
  await enrolment.enter(authPin);
  enrolment.cancel();
  expect([...authPin]).toEqual([0, 0, 0, 0]);
  expect(enrolment.step.kind).toBe('offer');
});

it('wipes digits that nobody asked for', async () => {
  const { enrolment } = await open();
  const stray = pin('1234');
  await enrolment.enter(stray);
  expect([...stray]).toEqual([0, 0, 0, 0]);
});
