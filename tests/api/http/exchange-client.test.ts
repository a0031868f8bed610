import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createExchangeClient, type Fetch } from '../../../api/http/exchange-client.ts';
import { answerProblems } from '../../../api/http/problem-answer.ts';
import { readJson } from '../../../api/http/request-body.ts';
import { createRequestMemory } from '../../../api/http/request-memory.ts';
import { createSignedCaller, type CallerEnv, type KnownCaller } from '../../../api/http/signed-caller.ts';
import { createSigningJwk, importSigningKey } from '../../../api/contract/jose.ts';
import { Problem } from '../../../api/contract/problem.ts';
import { SIGNED_REQUEST_HEADER, signRequest } from '../../../api/contract/signed-request.ts';
import { listen } from './listen.ts';

const MEMBER = 'sakura/1310000012';
const key = await importSigningKey(await createSigningJwk());
const stranger = await importSigningKey(await createSigningJwk());
const Echo = z.object({ text: z.string() });
const Said = z.object({ caller: z.string(), text: z.string() });
const reports: unknown[] = [];

function createApp(now: () => Date = () => new Date(), only?: KnownCaller['kind']) {
  const app = new Hono<CallerEnv>();
  answerProblems(app, (failure) => reports.push(failure));
  const member: KnownCaller = { kind: 'member', id: MEMBER, keys: [key.publicJwk] };
  app.use(
    '/api/*',
    createSignedCaller({
      exchange: 'east',
      findCaller: (id) => (id === MEMBER ? member : undefined),
      memory: createRequestMemory(),
      now,
      limitBytes: 1000,
      ...(only ? { only } : {}),
    }),
  );
  app.post('/api/echo', async (context) => {
    const { text } = await readJson(context, Echo);
    return context.json({ caller: context.var.caller.id, text });
  });
  app.get('/api/echo', (context) => context.json({ caller: context.var.caller.id, text: context.req.query('q') }));
  app.get('/api/broken', () => {
    throw new TypeError('a defect that nobody outside should read about');
  });
  return app;
}

const createClient = (origin: string, overrides: { key?: typeof key; exchange?: string; fetch?: Fetch } = {}) =>
  createExchangeClient({
    origin,
    self: MEMBER,
    exchange: overrides.exchange ?? 'east',
    key: overrides.key ?? key,
    fetch: overrides.fetch ?? fetch,
    now: () => new Date(),
    timeoutMs: 5000,
  });

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof Problem ? error.code : error),
  );

describe('signed calls', () => {
  it('carry JSON and queries, and say who calls', async () => {
    await using server = await listen(createApp());
    const client = createClient(server.origin);
    await expect(client.post('/api/echo', { text: 'つなぎ' }, Said)).resolves.toEqual({
      caller: MEMBER,
      text: 'つなぎ',
    });
    await expect(client.get('/api/echo?q=%2e%2e%2f', Said)).resolves.toEqual({ caller: MEMBER, text: '../' });
  });

  it.each([
    ['by another key', { key: stranger }],
    ['for another exchange', { exchange: 'west' }],
  ])('are refused when signed %s', async (_, overrides) => {
    await using server = await listen(createApp());
    const client = createClient(server.origin, overrides);
    expect(await codeOf(client.post('/api/echo', { text: 'x' }, Said))).toBe('unauthenticated');
  });

  it('are refused without a signature', async () => {
    await using server = await listen(createApp());
    const answer = await fetch(`${server.origin}/api/echo?q=x`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
  });

  it('are refused when the body changed on the way, or the path', async () => {
    await using server = await listen(createApp());
    const changed = (change: (url: string, init: RequestInit) => Promise<Response>) =>
      codeOf(createClient(server.origin, { fetch: change }).post('/api/echo', { text: 'ten' }, Said));
    expect(await changed((url, init) => fetch(url, { ...init, body: '{"text":"100"}' }))).toBe('unauthenticated');
    expect(await changed((url, init) => fetch(`${url}?q=1`, init))).toBe('unauthenticated');
  });

  it('count once', async () => {
    await using server = await listen(createApp());
    const twice: Fetch = async (url, init) => {
      await fetch(url, init);
      return fetch(url, init);
    };
    const client = createClient(server.origin, { fetch: twice });
    expect(await codeOf(client.post('/api/echo', { text: 'x' }, Said))).toBe('unauthenticated');
  });

  it('are refused when the clocks are far apart', async () => {
    await using server = await listen(createApp(() => new Date(Date.now() + 301_000)));
    expect(await codeOf(createClient(server.origin).get('/api/echo?q=x', Said))).toBe('clock_skew');
  });

  it('are refused for a caller of the wrong kind', async () => {
    await using server = await listen(createApp(undefined, 'peer'));
    expect(await codeOf(createClient(server.origin).get('/api/echo?q=x', Said))).toBe('forbidden');
  });

  it('are refused beyond the size limit, announced or not', async () => {
    await using server = await listen(createApp());
    const large = { text: 'x'.repeat(2000) };
    expect(await codeOf(createClient(server.origin).post('/api/echo', large, Said))).toBe('too_large');
    const streamed: Fetch = (url, init) =>
      fetch(url, { ...init, body: new Blob([JSON.stringify(large)]).stream(), duplex: 'half' } as RequestInit);
    expect(await codeOf(createClient(server.origin, { fetch: streamed }).post('/api/echo', large, Said))).toBe(
      'too_large',
    );
  });
});

describe('failures of the other side', () => {
  it('are unreachable when nobody listens', async () => {
    const server = await listen(createApp());
    await server[Symbol.asyncDispose]();
    expect(await codeOf(createClient(server.origin).get('/api/echo?q=x', Said))).toBe('exchange_unreachable');
  });

  it('are unreachable when it breaks, and the defect is reported there alone', async () => {
    await using server = await listen(createApp());
    reports.length = 0;
    expect(await codeOf(createClient(server.origin).get('/api/broken', Said))).toBe('exchange_unreachable');
    expect(reports).toHaveLength(1);
    const signature = await signRequest(
      { method: 'GET', path: '/api/broken', body: new Uint8Array() },
      { iss: MEMBER, aud: 'east', key, now: new Date() },
    );
    const answer = await fetch(`${server.origin}/api/broken`, { headers: { [SIGNED_REQUEST_HEADER]: signature } });
    expect(await answer.text()).not.toContain('defect');
  });

  it('are unreachable when the answer is too late or not an answer', async () => {
    const never: Fetch = (_, init) =>
      new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(new TypeError('gone'))));
    const late = createExchangeClient({
      origin: 'http://127.0.0.1:9',
      self: MEMBER,
      exchange: 'east',
      key,
      fetch: never,
      now: () => new Date(),
      timeoutMs: 1,
    });
    expect(await codeOf(late.get('/api/echo', Said))).toBe('exchange_unreachable');
    const page: Fetch = () => Promise.resolve(new Response('<html>', { status: 200 }));
    expect(await codeOf(createClient('http://127.0.0.1:9', { fetch: page }).get('/x', Said))).toBe(
      'exchange_unreachable',
    );
  });

  it('keep a refusal as it is', async () => {
    await using server = await listen(createApp());
    const client = createClient(server.origin);
    expect(await codeOf(client.post('/api/echo', { txet: 'x' }, Said))).toBe('malformed_request');
    expect(await codeOf(client.get('/api/nowhere', Said))).toBe('not_found');
  });

  it('let the caller stop with its own reason', async () => {
    const stop = new AbortController();
    stop.abort(new RangeError('enough'));
    const client = createClient('http://127.0.0.1:9');
    await expect(client.get('/api/echo', Said, { signal: stop.signal })).rejects.toThrow(RangeError);
  });
});
