import { beforeAll, expect, it } from 'vitest';
import { generateKeyPairSync, sign } from 'node:crypto';
import { signBinding, RsaPublicJwk } from '#api/contract/binding.ts';
import { verifyConsent } from '#api/contract/consent.ts';
import { createId } from '#api/contract/ids.ts';
import type { SigningKey } from '#api/contract/jose.ts';
import { findAmong } from '#api/contract/keys-by-thumbprint.ts';
import {
  assemblePresenceProof,
  encodePresenceSigningInput,
  type PresenceClaims,
} from '#api/contract/presence-proof.ts';
import { createKey, DAY_MS, later, NOW } from '../parties/parties.ts';

const card = generateKeyPairSync('rsa', { modulusLength: 2048 });
const recipient = 'hoshi/2710000034';
const hash = (letter: string) => letter.repeat(43);
let west: SigningKey;
let east: SigningKey;

beforeAll(async () => {
  [west, east] = await Promise.all([createKey(), createKey()]);
});

const claims = (change: Partial<PresenceClaims> = {}): PresenceClaims => ({
  ...{ version: 1, jti: createId(), iss: hash('t'), actorId: recipient, aud: 'west', iat: NOW.getTime() / 1000 },
  ...{ purpose: 'history', proofMethod: 'mynumber-tap', freshness: { kind: 'challenge', challenge: hash('c') } },
  scope: { recipient, kinds: ['laboratory'], expires: later(DAY_MS).toISOString() },
  certHash: hash('h'),
  ...change,
});

function tap(change?: Partial<PresenceClaims>): string {
  const input = encodePresenceSigningInput(claims(change));
  return assemblePresenceProof(input, sign('sha256', input, card.privateKey));
}

const bind = (key: SigningKey, change: object = {}) =>
  signBinding(
    {
      ...{ version: 1, iss: 'west', subject: hash('s'), certHash: hash('h'), application: 'text-ap' },
      cardKey: RsaPublicJwk.parse(card.publicKey.export({ format: 'jwk' })),
      enrolledAt: NOW.toISOString(),
      ...change,
    },
    key,
  );

const exchangeKeys = (exchange: string) =>
  findAmong(exchange === 'west' ? [west.publicJwk] : exchange === 'east' ? [east.publicJwk] : []);
const expected = () => ({ exchangeKeys, recipient, kinds: ['laboratory'] as const, at: NOW });

it('holds for its recipient, its kinds and its time', async () => {
  const verified = await verifyConsent({ presence: tap(), binding: await bind(west) }, expected());
  expect(verified.binding.subject).toBe(hash('s'));
  expect(verified.scope.kinds).toEqual(['laboratory']);
});

it.each([
  ['consent_wrong_scope', { purpose: 'visit' as const }],
  ['consent_wrong_recipient', { scope: undefined }],
  ['consent_wrong_recipient', { actorId: 'hoshi/2710000099' }],
  [
    'consent_wrong_recipient',
    { scope: { recipient: 'sakura/1310000012', kinds: ['laboratory'], expires: later(DAY_MS).toISOString() } },
  ],
  ['consent_wrong_scope', { scope: { recipient, kinds: ['referral'], expires: later(DAY_MS).toISOString() } }],
  ['consent_expired', { scope: { recipient, kinds: ['laboratory'], expires: NOW.toISOString() } }],
  ['consent_invalid', { certHash: hash('o') }],
] as const)('refuses with %s', async (code, change) => {
  const proof = { presence: tap(change), binding: await bind(west) };
  await expect(verifyConsent(proof, expected())).rejects.toMatchObject({ code });
});

it('refuses a signature by another card', async () => {
  const other = RsaPublicJwk.parse(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
  );
  const proof = { presence: tap(), binding: await bind(west, { cardKey: other }) };
  await expect(verifyConsent(proof, expected())).rejects.toMatchObject({ code: 'consent_invalid' });
});

it('refuses a binding that one exchange signed in the name of another', async () => {
  const proof = { presence: tap(), binding: await bind(east) };
  await expect(verifyConsent(proof, expected())).rejects.toMatchObject({ code: 'consent_invalid' });
});

it('refuses what is no JWS at all', async () => {
  const proof = { presence: tap(), binding: 'nonsense' };
  await expect(verifyConsent(proof, expected())).rejects.toMatchObject({ code: 'consent_invalid' });
  const other = { presence: 'a.b.c', binding: await bind(west) };
  await expect(verifyConsent(other, expected())).rejects.toMatchObject({ code: 'consent_invalid' });
});
