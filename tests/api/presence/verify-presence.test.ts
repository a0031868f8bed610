import { createSigningJwk, importSigningKey } from '#api/contract/jose.ts';
import { parseBase64 } from '#api/contract/encoding.ts';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../problem-code.ts';
import { NOW, WORLD_TIMEOUT_MS, sharedWorld } from '../synthetic/shared-world.ts';
import { CHECKPOINT, CLINIC, createTapFixture, DAY, SECOND } from './tap-fixture.ts';

let fixture: Awaited<ReturnType<typeof createTapFixture>>;
let card: ReturnType<typeof fixture.cardOf>;

beforeAll(() => sharedWorld(), WORLD_TIMEOUT_MS);
beforeEach(async () => {
  fixture = await createTapFixture();
  card = fixture.cardOf('person-01');
  fixture.bind(card);
  return () => fixture.close();
});

const after = (ms: number) => {
  fixture.clock.now = new Date(fixture.clock.now.getTime() + ms);
};

describe('a tap that holds', () => {
  it('names the person, the card and the proven window', async () => {
    const freshness = await fixture.challenge();
    after(20 * SECOND);
    const verified = await fixture.verify(await fixture.tap(card, { freshness }));
    expect(verified).toMatchObject({ notBefore: NOW, simulated: true, binding: { application: 'text-ap' } });
    expect(verified.presentedAt).toEqual(new Date(NOW.getTime() + 20 * SECOND));
  });

  it('may have been made with the PIN: then the certificate itself is the key', async () => {
    const verified = await fixture.verify(await fixture.tap(card, { withPin: true }));
    expect(verified.claims.proofMethod).toBe('mynumber-pin');
    expect(verified.binding.application).toBe('jpki');
    expect(verified.binding.cardKey.n).toBe(card.authKey.n);
  });

  it('may arrive days later when it was made offline', async () => {
    const submission = await fixture.tap(card, { freshness: CHECKPOINT });
    after(10 * DAY);
    fixture.checkpoint.isNewest = false;
    expect((await fixture.verify(submission)).notBefore).toEqual(NOW);
  });

  it('may arrive late though it answers a challenge, when its gateway kept it', async () => {
    const submission = await fixture.tap(card);
    after(3 * DAY);
    expect((await fixture.verify(submission)).presentedAt).toEqual(NOW);
  });

  it('quotes a checkpoint of any age while the log is quiet', async () => {
    after(100 * DAY);
    expect(await codeOf(fixture.verify(await fixture.tap(card, { freshness: CHECKPOINT })))).toBe('accepted');
  });
});

describe('a tap is refused', () => {
  it.each([
    ['for another exchange', { aud: 'west' }, 'presence_wrong_audience'],
    ['made at another institution', { actorId: CLINIC }, 'presence_wrong_actor'],
    ['for another purpose', { purpose: 'payment' as const }, 'presence_wrong_purpose'],
    ['with a method nobody can verify', { proofMethod: 'wallet-mdoc' as const }, 'presence_method_unsupported'],
    ['that says it was a PIN', { proofMethod: 'mynumber-pin' as const }, 'presence_signature_invalid'],
    ['of another certificate', { certHash: 'A'.repeat(43) }, 'presence_certificate_mismatch'],
    ['by a terminal that did not countersign', { iss: 'A'.repeat(43) }, 'terminal_signature_invalid'],
  ])('%s', async (_, claims, code) => {
    expect(await codeOf(fixture.verify(await fixture.tap(card, { claims })))).toBe(code);
  });

  it('handed over by another institution', async () => {
    expect(await codeOf(fixture.verify(await fixture.tap(card), 'visit', CLINIC))).toBe('presence_wrong_actor');
  });

  it('of a card that is not enrolled', async () => {
    const other = fixture.cardOf('person-11');
    expect(await codeOf(fixture.verify(await fixture.tap(other)))).toBe('card_not_enrolled');
  });

  it('of a copied certificate in another genuine card', async () => {
    const stranger = fixture.cardOf('person-02');
    const copy = { ...stranger, authCertificate: card.authCertificate };
    expect(await codeOf(fixture.verify(await fixture.tap(copy)))).toBe('presence_signature_invalid');
  });

  it('of a revoked certificate, enrolled or not', async () => {
    const revoked = fixture.cardOf('person-10');
    expect(await codeOf(fixture.verify(await fixture.tap(revoked)))).toBe('certificate_revoked');
    fixture.bind(revoked);
    expect(await codeOf(fixture.verify(await fixture.tap(revoked)))).toBe('certificate_revoked');
  });

  it('while nobody can tell whether its certificate is revoked', async () => {
    fixture.state.isStatusKnown = false;
    expect(await codeOf(fixture.verify(await fixture.tap(card)))).toBe('certificate_status_unknown');
  });

  it('when its certificate had ended at the tap, whenever it arrives', async () => {
    after(20 * 365 * DAY);
    expect(await codeOf(fixture.verify(await fixture.tap(card)))).toBe('certificate_expired');
  });

  it('when one bit of the signature, the claims or the countersignature changed', async () => {
    const submission = await fixture.tap(card);
    const [header = '', payload = '', signature = ''] = submission.presence.split('.');
    const flip = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    const certificate = parseBase64(submission.certificate);
    const changed = (presence: string) => fixture.countersign(presence, certificate);
    expect(await codeOf(fixture.verify(await changed(`${header}.${payload}.${flip(signature)}`)))).toBe(
      'presence_signature_invalid',
    );
    const richer = Buffer.from(
      Buffer.from(payload, 'base64url').toString().replace('"version":1', '"version":1,"x":1'),
    );
    expect(await codeOf(fixture.verify(await changed(`${header}.${richer.toString('base64url')}.${signature}`)))).toBe(
      'presence_signature_invalid',
    );
    const uncountersigned = { ...submission, presence: `${header}.${payload}.${flip(signature)}` };
    expect(await codeOf(fixture.verify(uncountersigned))).toBe('terminal_signature_invalid');
  });

  it('in another spelling of the same signature', async () => {
    const submission = await fixture.tap(card);
    const last = submission.presence.at(-1) ?? '';
    const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = submission.presence.slice(0, -1) + ALPHABET[ALPHABET.indexOf(last) + 1];
    const again = await fixture.countersign(twin, parseBase64(submission.certificate));
    expect(await codeOf(fixture.verify(again))).toBe('presence_malformed');
  });

  it('when it is not a presence proof at all', async () => {
    const submission = await fixture.tap(card);
    for (const presence of ['', 'a.b.c', submission.terminal]) {
      expect(await codeOf(fixture.verify({ ...submission, presence }))).toBe('presence_malformed');
    }
  });

  it('when somebody else countersigned, or for another submission', async () => {
    const submission = await fixture.tap(card);
    const other = await importSigningKey(await createSigningJwk());
    const stolen = await fixture.countersign(submission.presence, parseBase64(submission.certificate), other);
    expect(await codeOf(fixture.verify(stolen))).toBe('terminal_signature_invalid');
    const second = await fixture.tap(card);
    expect(await codeOf(fixture.verify({ ...submission, terminal: second.terminal }))).toBe(
      'terminal_signature_invalid',
    );
  });
});

describe('freshness', () => {
  it('counts once: proof and challenge', async () => {
    const freshness = await fixture.challenge();
    const submission = await fixture.tap(card, { freshness });
    const verified = await fixture.verify(submission);
    await fixture.verifier.use(verified);
    expect(await codeOf(fixture.verify(submission))).toBe('presence_replayed');
    const second = await fixture.verify(await fixture.tap(card, { freshness }));
    expect(await codeOf(fixture.verifier.use(second))).toBe('presence_replayed');
  });

  it('is bound to institution, terminal and purpose', async () => {
    const forClinic = await fixture.challenge('visit', CLINIC);
    expect(await codeOf(fixture.verify(await fixture.tap(card, { freshness: forClinic })))).toBe(
      'presence_challenge_unknown',
    );
    const forHistory = await fixture.challenge('history');
    expect(await codeOf(fixture.verify(await fixture.tap(card, { freshness: forHistory })))).toBe(
      'presence_challenge_unknown',
    );
    const invented = { kind: 'challenge', challenge: 'A'.repeat(43) } as const;
    expect(await codeOf(fixture.verify(await fixture.tap(card, { freshness: invented })))).toBe(
      'presence_challenge_unknown',
    );
  });

  it('is of the moment for a consent', async () => {
    const submission = await fixture.tap(card, { purpose: 'history' });
    expect(await codeOf(fixture.verify(submission, 'history'))).toBe('accepted');
    after(91 * SECOND);
    expect(await codeOf(fixture.verify(submission, 'history'))).toBe('presence_challenge_expired');
    const offline = await fixture.tap(card, { purpose: 'history', freshness: CHECKPOINT });
    expect(await codeOf(fixture.verify(offline, 'history'))).toBe('presence_stale');
  });

  it('ends after two weeks', async () => {
    const online = await fixture.tap(card);
    const offline = await fixture.tap(card, { freshness: CHECKPOINT });
    fixture.checkpoint.isNewest = false;
    after(15 * DAY);
    expect(await codeOf(fixture.verify(online))).toBe('presence_stale');
    expect(await codeOf(fixture.verify(offline))).toBe('presence_stale');
  });

  it('needs a checkpoint that our log signed', async () => {
    fixture.checkpoint.isKnown = false;
    expect(await codeOf(fixture.verify(await fixture.tap(card, { freshness: CHECKPOINT })))).toBe(
      'presence_checkpoint_unknown',
    );
  });

  it('needs a clock that is about right', async () => {
    const at = (ms: number) => ({ claims: { iat: Math.floor((NOW.getTime() + ms) / SECOND) } });
    expect(await codeOf(fixture.verify(await fixture.tap(card, at(299 * SECOND))))).toBe('accepted');
    expect(await codeOf(fixture.verify(await fixture.tap(card, at(DAY))))).toBe('clock_skew');
    expect(await codeOf(fixture.verify(await fixture.tap(card, at(-DAY))))).toBe('clock_skew');
    const offline = { ...at(-DAY), freshness: CHECKPOINT };
    expect(await codeOf(fixture.verify(await fixture.tap(card, offline)))).toBe('clock_skew');
  });

  it('cannot be claimed for a time after the challenge ended', async () => {
    const freshness = await fixture.challenge();
    after(DAY);
    expect(await codeOf(fixture.verify(await fixture.tap(card, { freshness })))).toBe('clock_skew');
  });
});
