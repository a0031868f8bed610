import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Problem } from '#api/contract/problem.ts';
import { isUnreachable } from '#lib/api/api-error.ts';
import { createHttpClient } from '#lib/api/http-client.ts';

const Answer = z.object({ ok: z.boolean() });

/** A server that gives these answers in turn. */
function open(...answers: (() => Response | Promise<Response>)[]) {
  const requests: Request[] = [];
  let signIns = 0;
  const client = createHttpClient({
    fetch: (input, init) => {
      requests.push(new Request(new URL(input as string, 'http://127.0.0.1'), init));
      const answer = answers.shift();
      return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('fetch failed'));
    },
    signIn: () => Promise.resolve(void (signIns += 1)),
  });
  return { client, requests, signIns: () => signIns };
}

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });
const problem = (code: 'unauthenticated' | 'presence_replayed') => () => {
  const document = new Problem(code, 'why').toDocument();
  return Response.json(document, { status: document.status });
};

it('parses what it got', async () => {
  const { client } = open(json({ ok: true }));
  expect(await client.get('/api/x', Answer)).toEqual({ ok: true });
});

it('posts JSON and leaves out what is not given', async () => {
  const { client, requests } = open(json({ ok: true }));
  await client.post('/api/x', { a: 1 }, Answer, { query: { limit: 5, since: undefined } });
  expect(requests[0]?.url).toBe('http://127.0.0.1/api/x?limit=5');
  expect(await requests[0]?.json()).toEqual({ a: 1 });
});

it('takes an answer that comes with a failing status where that was said, and nowhere else', async () => {
  const { client } = open(json({ ok: false }, 503), json({ ok: false }, 503), json({ ok: false }, 500));
  expect(await client.get('/healthz', Answer, { answersWith: 503 })).toEqual({ ok: false });
  await expect(client.get('/healthz', Answer)).rejects.toSatisfy(isUnreachable);
  await expect(client.get('/healthz', Answer, { answersWith: 503 })).rejects.toSatisfy(isUnreachable);
});

it('understands an empty answer', async () => {
  const { client } = open(() => new Response(null, { status: 204 }));
  expect(await client.post('/api/x', undefined, z.undefined())).toBeUndefined();
});

describe('refusals', () => {
  it('are problems with their code', async () => {
    const { client } = open(problem('presence_replayed'));
    await expect(client.get('/api/x', Answer)).rejects.toMatchObject({ name: 'Problem', code: 'presence_replayed' });
  });

  it('for want of a session lead to one sign-in and one more try', async () => {
    const { client, signIns } = open(problem('unauthenticated'), json({ ok: true }));
    expect(await client.get('/api/x', Answer)).toEqual({ ok: true });
    expect(signIns()).toBe(1);
  });

  it('are not argued with', async () => {
    const { client, signIns } = open(problem('unauthenticated'), problem('unauthenticated'));
    await expect(client.get('/api/x', Answer)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(signIns()).toBe(1);
  });
});

describe('no answer', () => {
  it.each([
    ['nobody is there', open(), 'network_unreachable', true],
    [
      'a proxy speaks for a server that is gone',
      open(() => new Response('<h1>', { status: 502 })),
      'network_unreachable',
      true,
    ],
    ['a starting server says so in its own words', open(json({ error: 'starting' }, 503)), 'network_unreachable', true],
    ['the answer is something else', open(json({ ok: 'perhaps' })), 'answer_malformed', false],
    ['the answer is not JSON', open(() => new Response('<h1>')), 'answer_malformed', false],
  ])('when %s', async (_, { client }, code, unreachable) => {
    const failure: unknown = await client.get('/api/x', Answer).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ApiError', code });
    expect(isUnreachable(failure)).toBe(unreachable);
  });

  it('in time is a timeout', async () => {
    const client = createHttpClient({ fetch: hang, signIn: () => Promise.resolve() });
    await expect(client.get('/api/x', Answer, { timeoutMs: 1 })).rejects.toMatchObject({ code: 'network_timeout' });
  });

  it('is wanted any more', async () => {
    const client = createHttpClient({ fetch: hang, signIn: () => Promise.resolve() });
    const controller = new AbortController();
    const asked = client.get('/api/x', Answer, { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'request_aborted' });
  });
});

/** Answers only the abort, as fetch does. */
const hang: typeof fetch = (_, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
