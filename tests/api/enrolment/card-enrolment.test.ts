import { enrolTap } from 'webusb-ccid/mynumber';
import { createSimulatedCard, type MyNumberPersonalisation } from 'webusb-ccid/simulated';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCardEnrolment } from '#api/enrolment/card-enrolment.ts';
import { parseCertificate } from '#api/contract/certificate.ts';
import { digestBase64Url, encodeBase64, encodeUtf8, parseBase64, parseBase64Url } from '#api/contract/encoding.ts';
import { encodeEnrolmentContext, type EnrolmentSubmission } from '#api/contract/enrolment.ts';
import type { PayerAnswer } from '#api/contract/payer-answer.ts';
import { Problem } from '#api/contract/problem.ts';
import { createSubject } from '#api/contract/subject.ts';
import { createSimulatedStatus } from '#api/presence/certificate-status-simulated.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteEnrolmentStore, enrolmentSchema } from '#api/storage/sqlite/enrolment.ts';
import { codeOf } from '../problem-code.ts';
import { NOW, WORLD_TIMEOUT_MS, sharedWorld } from '../synthetic/shared-world.ts';

const HOSPITAL = 'sakura/1310000012';
const CLINIC = 'hoshi/2710000034';
const FEDERATION_KEY = new Uint8Array(32).fill(7);
const ANSWER: PayerAnswer = {
  personId: '0001',
  person: { name: '架空　花子', kana: 'カクウ　ハナコ', birthDate: '1972-03-04', sex: 'female' },
  coverage: { status: 'not_found' },
  answerHash: 'A'.repeat(43),
  checkedAt: NOW,
  simulated: true,
};

beforeAll(() => sharedWorld(), WORLD_TIMEOUT_MS);

let desk: Awaited<ReturnType<typeof createDesk>>;
beforeEach(async () => {
  desk = await createDesk();
  return () => desk.close();
});

async function createDesk() {
  const world = await sharedWorld();
  const clock = { now: NOW };
  const payer: { answer: PayerAnswer | undefined } = { answer: ANSWER };
  const database = openSqlite(':memory:', [enrolmentSchema]);
  const store = createSqliteEnrolmentStore(database);
  const enrolment = createCardEnrolment({
    exchange: 'east',
    store,
    trust: {
      anchors: world.jpki.auth.map(({ certificate }) => parseCertificate(parseBase64(certificate))),
      world: 'test',
      status: createSimulatedStatus({ now: () => clock.now }),
    },
    authorities: [{ number: world.cardIssuers.text.ca.identifier.number, key: world.cardIssuers.text.ca.publicKey }],
    askPayer: () =>
      payer.answer ? Promise.resolve(payer.answer) : Promise.reject(new Problem('payer_unreachable', 'away')),
    federationKey: FEDERATION_KEY,
    now: () => clock.now,
  });
  const [card, other] = world.cards.mynumber;
  if (!card || !other) throw new RangeError('two cards');

  /** One contact with a card, as the client makes it. */
  async function touch(laid: MyNumberPersonalisation = card!, institution = HOSPITAL): Promise<EnrolmentSubmission> {
    const issued = await enrolment.issueChallenge(institution);
    const simulated = createSimulatedCard(laid);
    const contact = await enrolTap(
      { transmit: (command) => simulated.process(command) },
      {
        challenge: parseBase64Url(issued.challenge),
        context: encodeEnrolmentContext(issued),
        authPin: encodeUtf8(laid.authPin),
        textPin: encodeUtf8(laid.textPin),
      },
    );
    return {
      challenge: issued.challenge,
      certificate: encodeBase64(contact.certificate),
      authSignature: encodeBase64(contact.authSignature),
      textKeyRecord: encodeBase64(contact.textKeyRecord),
      textCvc: encodeBase64(contact.textCvc),
      textSignature: encodeBase64(contact.textSignature),
    };
  }

  const certHash = digestBase64Url(parseBase64(card.authCertificate));
  return { world, clock, payer, store, enrolment, card, other, touch, certHash, close: () => database.close() };
}

const codeOfEnrolment = async (submission: EnrolmentSubmission, institution = HOSPITAL) =>
  codeOf(desk.enrolment.enrol(submission, institution));

describe('an enrolment', () => {
  it("binds the certificate to the card's own key and the person's pseudonym", async () => {
    const outcome = await desk.enrolment.enrol(await desk.touch(), HOSPITAL);
    const subject = createSubject(FEDERATION_KEY, '0001');
    expect(outcome).toEqual({ person: { subject, ...ANSWER.person }, enrolledAt: NOW.toISOString() });
    const { n, e } = desk.card.textKey;
    expect(await desk.store.findBinding(desk.certHash)).toEqual({
      certHash: desk.certHash,
      subject,
      cardKey: { kty: 'RSA', n, e },
      application: 'text-ap',
      institution: HOSPITAL,
      enrolledAt: NOW,
    });
  });

  it('gives the same submission the same answer, also after the challenge ended', async () => {
    const submission = await desk.touch();
    const first = await desk.enrolment.enrol(submission, HOSPITAL);
    desk.clock.now = new Date(NOW.getTime() + 3_600_000);
    expect(await desk.enrolment.enrol(submission, HOSPITAL)).toEqual(first);
  });

  it('may be repeated when the payer was away', async () => {
    const submission = await desk.touch();
    desk.payer.answer = undefined;
    expect(await codeOfEnrolment(submission)).toBe('payer_unreachable');
    expect(await desk.store.findBinding(desk.certHash)).toBeUndefined();
    desk.payer.answer = ANSWER;
    expect(await codeOfEnrolment(submission)).toBe('accepted');
  });

  it('is refused for somebody the payer does not know', async () => {
    desk.payer.answer = { ...ANSWER, personId: null, person: null };
    expect(await codeOfEnrolment(await desk.touch())).toBe('person_not_found');
  });
});

describe('a challenge', () => {
  it('counts once, here, and for five minutes', async () => {
    const first = await desk.touch();
    const second = await desk.touch(desk.other);
    expect(await codeOfEnrolment(first)).toBe('accepted');
    expect(await codeOfEnrolment({ ...second, challenge: first.challenge })).toBe('enrolment_challenge_unknown');
    expect(await codeOfEnrolment(second, CLINIC)).toBe('enrolment_challenge_unknown');
    expect(await codeOfEnrolment({ ...second, challenge: 'A'.repeat(43) })).toBe('enrolment_challenge_unknown');
    desk.clock.now = new Date(NOW.getTime() + 300_000);
    expect(await codeOfEnrolment(second)).toBe('enrolment_challenge_unknown');
  });
});

describe('what came from the card', () => {
  it('must be signed over this challenge', async () => {
    const [first, second] = [await desk.touch(), await desk.touch()];
    expect(await codeOfEnrolment({ ...first, authSignature: second.authSignature })).toBe(
      'enrolment_signature_invalid',
    );
    expect(await codeOfEnrolment({ ...first, textSignature: second.textSignature })).toBe(
      'enrolment_signature_invalid',
    );
    expect(await codeOfEnrolment({ ...first, textSignature: first.authSignature })).toBe('enrolment_signature_invalid');
  });

  it('must be from one card: another card laid down halfway has another key', async () => {
    const [mine, theirs] = [await desk.touch(), await desk.touch(desk.other)];
    expect(await codeOfEnrolment({ ...mine, textKeyRecord: theirs.textKeyRecord })).toBe('enrolment_signature_invalid');
    expect(await codeOfEnrolment({ ...mine, certificate: theirs.certificate })).toBe('enrolment_signature_invalid');
  });

  it('must be signed by a pinned issuer, whatever byte changes', async () => {
    const submission = await desk.touch();
    const record = parseBase64(submission.textKeyRecord);
    for (const at of [0, 2, 5, 20, 150, record.length - 300, record.length - 1]) {
      const changed = record.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(await codeOfEnrolment({ ...submission, textKeyRecord: encodeBase64(changed) })).toBe(
        'enrolment_record_untrusted',
      );
    }
    const surface = desk.world.cardIssuers.surface.cvc;
    for (const textCvc of [surface, '', encodeBase64(parseBase64(submission.textCvc).slice(0, -1))]) {
      expect(await codeOfEnrolment({ ...submission, textCvc })).toBe('enrolment_record_untrusted');
    }
    const longer = encodeBase64(Uint8Array.of(...record, 0));
    expect(await codeOfEnrolment({ ...submission, textKeyRecord: longer })).toBe('enrolment_record_untrusted');
  });

  it('must come with a certificate that holds', async () => {
    const submission = await desk.touch();
    const der = parseBase64(submission.certificate);
    const changed = encodeBase64(der.map((byte, i) => (i === der.length - 1 ? byte ^ 1 : byte)));
    expect(await codeOfEnrolment({ ...submission, certificate: changed })).toBe('certificate_untrusted');
    const signing = desk.card.signCertificate;
    expect(await codeOfEnrolment({ ...submission, certificate: signing })).toBe('certificate_untrusted');
  });
});
