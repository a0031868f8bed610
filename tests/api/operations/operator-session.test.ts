import { Hono } from 'hono';
import { beforeAll, describe, expect, it } from 'vitest';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import type { SigningKey } from '#api/contract/jose.ts';
import { OPERATOR_LINK_FRAGMENT, operatorIssuer } from '#api/contract/operator-api.ts';
import { createOperatorLink } from '#api/contract/operator-link.ts';
import { SIGNED_REQUEST_HEADER, signRequest } from '#api/contract/signed-request.ts';
import { createOperatorSessions } from '#api/http/operator-session.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { createRequestMemory } from '#api/http/request-memory.ts';
import { createOperatorRoutes } from '#api/operations/operator-routes.ts';
import { createClock, createKey, later, NOW } from '../parties/parties.ts';

const ORIGIN = 'https://east.example';
const HOUR_MS = 3_600_000;
let server: SigningKey;
let anna: SigningKey;
let stranger: SigningKey;
beforeAll(async () => {
  [server, anna, stranger] = await Promise.all([createKey(), createKey(), createKey()]);
});

function openApp(clock = createClock(), operatorKey = anna) {
  const operators = [{ name: 'anna', key: EcPublicJwk.parse(operatorKey.publicJwk) }];
  const parts = { self: 'east', origin: ORIGIN, operators, key: server, memory: createRequestMemory(), now: clock.now };
  const app = new Hono();
  answerProblems(app, () => {});
  app.route('/', createOperatorRoutes({ sessions: createOperatorSessions(parts) }));
  return app;
}
const linkOf = async (change: Partial<Parameters<typeof createOperatorLink>[0]> = {}) => {
  const link = { operator: 'anna', key: anna, server: 'east', origin: ORIGIN, expires: later(HOUR_MS), ...change };
  const url = await createOperatorLink(link);
  expect(new URL(url).hash.startsWith(`#${OPERATOR_LINK_FRAGMENT}`)).toBe(true);
  return url.slice(url.indexOf(OPERATOR_LINK_FRAGMENT) + OPERATOR_LINK_FRAGMENT.length);
};
const signIn = (app: Hono, link: string, headers: Record<string, string> = {}) =>
  app.request('/api/operator/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ link }),
  });
const readSession = (app: Hono, headers: Record<string, string>) => app.request('/api/operator/session', { headers });
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('an operator signs in with a link', () => {
  it('and is known by a cookie that no script and no other site gets', async () => {
    const app = openApp();
    const response = await signIn(app, await linkOf());
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-.*HttpOnly; Secure; SameSite=Strict/);
    const session = await readSession(app, { cookie: cookieOf(response) });
    expect(await session.json()).toEqual({ operator: 'anna', expires: later(12 * HOUR_MS).toISOString() });
  });

  it('once', async () => {
    const app = openApp();
    const link = await linkOf();
    await signIn(app, link);
    expect((await signIn(app, link)).status).toBe(401);
  });

  it.each([
    ['of a stranger', () => linkOf({ key: stranger })],
    ['for another server', () => linkOf({ server: 'west' })],
    ['that has expired', () => linkOf({ expires: NOW })],
    ['of somebody unknown', () => linkOf({ operator: 'otto' })],
    ['that is none', () => Promise.resolve('x.y.z')],
  ])('never with one %s', async (_, link) => {
    expect((await signIn(openApp(), await link())).status).toBe(401);
  });

  it('from this page only', async () => {
    const response = await signIn(openApp(), await linkOf(), { origin: 'https://elsewhere.example' });
    expect(response.status).toBe(403);
  });

  it('until the session ends, or the key is taken out of the configuration; a restart does not end it', async () => {
    const clock = createClock();
    const cookie = cookieOf(await signIn(openApp(clock), await linkOf()));
    expect((await readSession(openApp(clock), { cookie })).status).toBe(200);
    expect((await readSession(openApp(clock, stranger), { cookie })).status).toBe(401);
    clock.set(later(12 * HOUR_MS));
    expect((await readSession(openApp(clock), { cookie })).status).toBe(401);
  });
});

describe('a program', () => {
  const request = (key: SigningKey, iss = operatorIssuer('anna')) =>
    signRequest(
      { method: 'GET', path: '/api/operator/session', body: new Uint8Array() },
      { iss, aud: 'east', key, now: NOW },
    );

  it('is let in by the operator’s signature, each request once', async () => {
    const app = openApp();
    const headers = { [SIGNED_REQUEST_HEADER]: await request(anna) };
    expect(await (await readSession(app, headers)).json()).toEqual({ operator: 'anna', expires: null });
    expect((await readSession(app, headers)).status).toBe(401);
  });

  it('is refused with a stranger’s, in another name, or with nothing', async () => {
    const app = openApp();
    expect((await readSession(app, { [SIGNED_REQUEST_HEADER]: await request(stranger) })).status).toBe(401);
    expect((await readSession(app, { [SIGNED_REQUEST_HEADER]: await request(anna, 'anna') })).status).toBe(401);
    expect((await readSession(app, {})).status).toBe(401);
    expect((await readSession(app, { cookie: '__Host-tsunagi-operator=x' })).status).toBe(401);
  });
});
