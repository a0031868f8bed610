import { expect, it } from 'vitest';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import { createId } from '#api/contract/ids.ts';
import { createDecryptionJwk, encryptTo, importDecryptionKey, publicPart } from '#api/contract/jose.ts';
import { sealLetter } from '#api/contract/letter.ts';
import { openLetter } from '#api/contract/open-letter.ts';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { codeOf } from '../problem-code.ts';

const key = await importDecryptionKey(await createDecryptionJwk());
const other = await importDecryptionKey(await createDecryptionJwk());
const to = EcPublicJwk.parse(publicPart(key.publicJwk));
const submission = { submissionId: createId(), presence: 'a.b.c', certificate: 'AAAA', terminal: 'd.e.f' };

it('is read by the gateway it was written to, and by nobody else', async () => {
  const letter = await sealLetter(submission, to);
  expect(letter).not.toContain('a.b.c');
  expect(await openLetter(letter, [other, key])).toEqual(submission);
  expect(await codeOf(openLetter(letter, [other]))).toBe('decryption_failed');
});

it('is refused when it was changed or holds something else', async () => {
  const letter = await sealLetter(submission, to);
  const parts = letter.split('.');
  const changed = [...parts.slice(0, 3), `${parts[3]?.startsWith('A') ? 'B' : 'A'}${parts[3]?.slice(1)}`, parts[4]];
  expect(await codeOf(openLetter(changed.join('.'), [key]))).toBe('decryption_failed');
  expect(await codeOf(openLetter('no letter', [key]))).toBe('decryption_failed');
  expect(await codeOf(openLetter(await encryptTo(to, encodeUtf8('{}')), [key]))).toBe('presence_malformed');
});
