import { expect, it } from 'vitest';
import { commitRecord } from '#api/contract/evidence/commitment.ts';
import { createSigningJwk, importSigningKey, readHeader } from '#api/contract/jose.ts';
import { findAmong } from '#api/contract/keys-by-thumbprint.ts';
import { recordHash, signVisitRecord, verifyVisitRecord, type VisitRecord } from '#api/contract/visit-record.ts';
import { createImmediateSigner, createRecordSealer } from '#api/visits/record-sealer.ts';

const jwk = await createSigningJwk();
const key = await importSigningKey(jwk);
const seal = createRecordSealer(await createImmediateSigner(jwk));

const record: VisitRecord = {
  ...{ version: 1, id: '01a2061a-a993-7907-a593-14680f44ded6', iss: 'east', subject: 'S'.repeat(43) },
  ...{ institution: 'sakura/1310000012', presentedAt: '2026-11-20T03:00:00Z', notBefore: '2026-11-20T03:00:00Z' },
  ...{ acceptedAt: '2026-11-20T03:00:01Z', proofMethod: 'mynumber-tap', simulated: true },
  freshness: { kind: 'challenge', challenge: 'C'.repeat(43) },
  presenceHash: 'P'.repeat(43),
  coverage: { status: 'unchecked', checkedAt: null, answerHash: null, simulated: false },
  ...{ previous: null, sequence: 1 },
};

it('makes the JWS that everybody verifies', async () => {
  const sealed = seal(record);
  expect(await verifyVisitRecord(sealed.record, findAmong([key.publicJwk]))).toEqual(record);
  expect(readHeader(sealed.record)).toEqual(readHeader(await signVisitRecord(record, key)));
  expect(sealed.recordHash).toBe(recordHash(sealed.record));
  expect(sealed.commitment).toEqual(commitRecord(sealed.record, sealed.salt));
});

it('salts each record anew', () => {
  expect(seal(record).salt).not.toEqual(seal(record).salt);
});
