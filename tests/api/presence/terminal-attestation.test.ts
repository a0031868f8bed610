import { createSigningJwk, importSigningKey, type SigningKey } from '#api/contract/jose.ts';
import { presenceHash, type PresenceSubmission } from '#api/contract/presence-proof.ts';
import { signTerminalAttestation } from '#api/contract/terminal-attestation.ts';
import { checkAttestation } from '#api/presence/terminal-attestation-check.ts';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../problem-code.ts';
import { WORLD_TIMEOUT_MS, sharedWorld } from '../synthetic/shared-world.ts';
import { createTapFixture } from './tap-fixture.ts';

let fixture: Awaited<ReturnType<typeof createTapFixture>>;
let submission: PresenceSubmission;
let certified: SigningKey;
let other: SigningKey;

beforeAll(() => sharedWorld(), WORLD_TIMEOUT_MS);
beforeEach(async () => {
  certified = await importSigningKey(await createSigningJwk());
  other = await importSigningKey(await createSigningJwk());
  fixture = await createTapFixture({ terminalProviders: [certified.publicJwk] });
  const card = fixture.cardOf('person-01');
  fixture.bind(card);
  submission = await fixture.tap(card, { method: 'terminal' });
  return () => fixture.close();
});

const attest = (key: SigningKey, simulated: boolean, hash = presenceHash(submission.presence)) =>
  signTerminalAttestation({ version: 1, presenceHash: hash, provider: 'a provider', simulated }, key);
const verifyWith = async (attestation: string | undefined) =>
  fixture.verify(attestation === undefined ? submission : { ...submission, attestation });

it("is verified with the certificate's own key, once its provider vouches", async () => {
  const verified = await verifyWith(await attest(certified, false));
  expect(verified.claims.proofMethod).toBe('mynumber-terminal');
  expect(verified.binding.application).toBe('jpki');
});

it('a simulated terminal is written down as simulated, by whatever key', async () => {
  expect(await verifyWith(await attest(other, true))).toMatchObject({ simulated: true });
});

describe('is refused', () => {
  const code = 'presence_attestation_invalid';

  it('without an attestation', async () => {
    expect(await codeOf(verifyWith(undefined))).toBe(code);
  });

  it('when a provider that is not pinned says that it is real', async () => {
    expect(await codeOf(verifyWith(await attest(other, false)))).toBe(code);
  });

  it('with the attestation of another proof', async () => {
    expect(await codeOf(verifyWith(await attest(certified, false, 'A'.repeat(43))))).toBe(code);
  });

  it('when a simulated attestation was turned into a real one', async () => {
    const [header = '', payload = '', signature = ''] = (await attest(other, true)).split('.');
    const claims = Buffer.from(payload, 'base64url').toString().replace('"simulated":true', '"simulated":false');
    const forged = [header, Buffer.from(claims).toString('base64url'), signature].join('.');
    expect(await codeOf(verifyWith(forged))).toBe(code);
  });

  it('when it is not an attestation at all', async () => {
    expect(await codeOf(verifyWith('x.y.z'))).toBe(code);
  });

  it('for anything but a visit: a consent travels on without it', async () => {
    const consent = await fixture.tap(fixture.cardOf('person-01'), { method: 'terminal', purpose: 'history' });
    const attestation = await attest(certified, false, presenceHash(consent.presence));
    expect(await codeOf(fixture.verify({ ...consent, attestation }, 'history'))).toBe('presence_method_unsupported');
  });
});

it('an attestation beside a tap is refused: nobody looked', async () => {
  const tap = await fixture.tap(fixture.cardOf('person-01'));
  const attestation = await attest(certified, false, presenceHash(tap.presence));
  expect(await codeOf(fixture.verify({ ...tap, attestation }))).toBe('presence_attestation_invalid');
});

describe('in the world of real cards', () => {
  const trust = () => ({ providers: [certified.publicJwk], world: 'production' as const });
  const claims = { proofMethod: 'mynumber-terminal', purpose: 'visit' } as const;
  const check = (attestation: string) =>
    checkAttestation({ ...submission, attestation }, { ...fixture.readClaims(submission), ...claims }, trust());

  it('a pinned provider counts, and as certified', async () => {
    expect(await check(await attest(certified, false))).toBe('certified');
  });

  it('a simulated terminal never counts, not even with the key of a pinned provider', async () => {
    expect(await codeOf(check(await attest(other, true)))).toBe('presence_attestation_invalid');
    expect(await codeOf(check(await attest(certified, true)))).toBe('presence_attestation_invalid');
  });
});
