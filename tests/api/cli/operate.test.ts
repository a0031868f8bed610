import { expect, it } from 'vitest';
import { EXIT_CODES, runCli } from '../../../api/cli/run.ts';
import { encodeUtf8 } from '../../../api/contract/encoding.ts';
import { createSigningJwk } from '../../../api/contract/jose.ts';

const answering = (status: object) => () => Promise.resolve(Response.json(status));
const away = () => Promise.reject(new TypeError('fetch failed'));

/** An operator's order to somebody who is no exchange, or with something that is no key. */
async function order(fetch: typeof globalThis.fetch, keyText?: string) {
  const key = keyText ?? JSON.stringify(await createSigningJwk());
  const lines: string[] = [];
  const args = 'forget https://east.example AAAA --operator bob --key bob.json --lang en'.split(' ');
  const readFile = () => Promise.resolve(encodeUtf8(key));
  return { code: await runCli(args, { readFile, fetch, write: (line) => lines.push(line) }), lines };
}

it.each([
  ['nobody answers', away],
  ['a gateway answers', answering({ role: 'gateway', exchange: { id: 'east' } })],
  ['something else answers', () => Promise.resolve(new Response('<html>'))],
])('says in one line that the question could not be asked where %s', async (_what, fetch) => {
  const { code, lines } = await order(fetch);
  expect(code).toBe(EXIT_CODES.usage);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('https://east.example');
});

it.each(['', '{}', '{"kty":"EC"}'])('names the file of a key that is none: %j', async (text) => {
  const { code, lines } = await order(away, text);
  expect([code, lines.length]).toEqual([EXIT_CODES.usage, 1]);
  expect(lines[0]).toContain('bob.json');
});
