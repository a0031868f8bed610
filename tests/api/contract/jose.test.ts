import { expect, it } from 'vitest';
import * as z from 'zod';
import { createSigningJwk, importSigningKey, signClaims, verifyClaims } from '#api/contract/jose.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const key = await importSigningKey(await createSigningJwk());
const jws = await signClaims('test+jwt', { a: 1 }, key);
const verify = (text: string) =>
  verifyClaims(text, { typ: 'test+jwt', claims: z.object({ a: z.number() }), findKey: () => key.publicJwk });

it('verifies what was signed', async () => {
  expect(await verify(jws)).toEqual({ claims: { a: 1 }, signer: key.kid });
});

it('takes no other text for the same signature, whatever its last character', async () => {
  const others = [...ALPHABET].map((last) => jws.slice(0, -1) + last).filter((text) => text !== jws);
  for (const text of others)
    await expect(verify(text)).rejects.toMatchObject({
      code: expect.stringMatching(/^jws_(malformed|bad_signature)$/) as string,
    });
});

it.each([
  ['a space at the end', `${jws} `],
  ['a line break in the signature', jws.replace(/.{10}$/, (end) => `\n${end}`)],
  ['padding', `${jws}==`],
])('takes no signature with %s', async (_, text) => {
  await expect(verify(text)).rejects.toMatchObject({ code: 'jws_malformed' });
});
