import { createSigningJwk, importSigningKey, signClaims, type JWK } from '../../api/contract/jose.ts';
import {
  assemblePresenceProof,
  encodePresenceSigningInput,
  verifyPresenceProof,
} from '../../api/contract/presence-proof.ts';
import { encodeBase64Url } from '../../api/contract/encoding.ts';

const hash32 = encodeBase64Url(new Uint8Array(32));

/** A presence proof as a card signs it (RSA-2048), and a visit record as an exchange signs it (ES256). */
export async function createStatements() {
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: 'SHA-256',
  };
  const card = await crypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const cardKey: JWK = await crypto.subtle.exportKey('jwk', card.publicKey);
  const input = encodePresenceSigningInput({
    version: 1,
    jti: '01960000-0000-7000-8000-000000000001',
    iss: hash32,
    actorId: 'sakura/1310000012',
    aud: 'east',
    iat: 1_775_000_000,
    purpose: 'visit',
    proofMethod: 'mynumber-tap',
    freshness: { kind: 'challenge', challenge: hash32 },
    certHash: hash32,
  });
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', card.privateKey, input);
  const proof = assemblePresenceProof(input, new Uint8Array(signature));
  const exchange = await importSigningKey(await createSigningJwk());
  const claims = {
    version: 1,
    id: '01960000-0000-7000-8000-000000000001',
    iss: 'east',
    subject: hash32,
    institution: 'sakura/1310000012',
    presentedAt: '2026-04-01T00:00:00.000Z',
    notBefore: '2026-04-01T00:00:00.000Z',
    acceptedAt: '2026-04-01T00:00:01.000Z',
    proofMethod: 'mynumber-tap',
    simulated: true,
    freshness: { kind: 'challenge', challenge: hash32 },
    presenceHash: hash32,
    coverage: { status: 'valid', checkedAt: '2026-04-01T00:00:00.500Z', answerHash: hash32, simulated: true },
    previous: hash32,
    sequence: 1,
  };
  return {
    exchangeKeys: { [exchange.kid]: exchange.publicJwk },
    record: await signClaims('visit+jwt', claims, exchange),
    verifyPresence: () => verifyPresenceProof(proof, cardKey),
  };
}
