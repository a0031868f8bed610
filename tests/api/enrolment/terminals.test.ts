import { Hono } from 'hono';
import { beforeEach, describe, expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import { createSigningJwk, importSigningKey, signClaims } from '#api/contract/jose.ts';
import { createAttemptLimit } from '#api/enrolment/attempt-limit.ts';
import { attemptsSchema, createSqliteAttemptStore } from '#api/storage/sqlite/attempts.ts';
import { createTerminalAdministrationRoutes } from '#api/enrolment/terminal-administration.ts';
import { hashCode } from '#api/enrolment/one-time-code.ts';
import { createTerminalRoutes } from '#api/enrolment/terminal-routes.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { createAccess } from '#api/http/access.ts';
import { createOriginCheck, createSessionCookie, type TerminalEnv } from '#api/http/terminal-session.ts';
import { createSqliteTerminalStore, terminalsSchema } from '#api/storage/sqlite/terminals.ts';
import type { TerminalStore } from '#api/storage/terminals.ts';
import { temporaryDatabase } from '../storage/temporary-file.ts';
import { NOW } from '../synthetic/shared-world.ts';

const attemptStore = () => createSqliteAttemptStore(temporaryDatabase([attemptsSchema]));
const ORIGIN = 'http://127.0.0.1:4200';
const clock = { now: NOW };
let gateway: { readonly terminals: TerminalStore };
const key = await importSigningKey(await createSigningJwk());

function createGateway(code?: string) {
  const terminals = createSqliteTerminalStore(temporaryDatabase([terminalsSchema]));
  const cookie = createSessionCookie(ORIGIN);
  const now = () => clock.now;
  const app = new Hono<TerminalEnv>();
  answerProblems(app, (failure) => {
    throw failure;
  });
  app.use('*', createOriginCheck(ORIGIN));
  const attempts = createAttemptLimit(attemptStore(), 'codes', { failures: 3, windowMs: 60_000 });
  app.use(
    '/api/*',
    createAccess({
      ...{ cookie, now },
      findTerminal: (hash, at) => terminals.findSession(hash, at),
      findPerson: () => Promise.resolve(undefined),
    }),
  );
  const standingCode = () => code;
  const isOpen = code === undefined;
  app.route('/', createTerminalRoutes({ terminals, attempts, origin: ORIGIN, cookie, now, isOpen, standingCode }));
  app.route('/', createTerminalAdministrationRoutes({ terminals, now }));
  // An address for any terminal.
  app.get('/api/directory', (context) => context.json(context.var.terminal.name));
  gateway = { terminals };
  return app;
}

let app: ReturnType<typeof createGateway>;
beforeEach(() => {
  clock.now = NOW;
  app = createGateway();
});

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  app.request(path, { method: 'POST', body: JSON.stringify(body), headers });
const codeOf = async (answer: Response | Promise<Response>) => {
  const response = await answer;
  return response.ok ? response.status : ((await response.json()) as { code: string }).code;
};
const enrol = (body: object = {}) => post('/api/terminals', { key: key.publicJwk, name: 'Reception', ...body });
const claims = (change: object = {}) => ({
  ...{ iss: key.kid, aud: ORIGIN, iat: Math.floor(NOW.getTime() / 1000), jti: createId() },
  ...change,
});
const signIn = async (change: object = {}, by = key) =>
  post('/api/sessions', { assertion: await signClaims('session+jwt', claims(change), by) });
const cookieOf = (response: Response) => response.headers.getSetCookie()[0] ?? '';

describe('a terminal', () => {
  it('enrols with its key and signs in with it', async () => {
    const enrolled = await enrol();
    expect([enrolled.status, await enrolled.json()]).toEqual([
      201,
      { terminal: key.kid, name: 'Reception', enrolledAt: NOW.toISOString(), receives: true },
    ]);
    const signedIn = await signIn();
    expect(signedIn.status).toBe(204);
    const set = cookieOf(signedIn);
    expect(set).toMatch(/^tsunagi-4200=[\w-]{43};/);
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/SameSite=Strict/);
    const [cookie = ''] = set.split(';');
    expect(await (await app.request('/api/directory', { headers: { cookie } })).json()).toBe('Reception');
  });

  it('is signed in for twelve hours', async () => {
    await enrol();
    const [cookie = ''] = cookieOf(await signIn()).split(';');
    clock.now = new Date(NOW.getTime() + 12 * 3_600_000 - 1);
    expect(await codeOf(app.request('/api/directory', { headers: { cookie } }))).toBe(200);
    clock.now = new Date(NOW.getTime() + 12 * 3_600_000);
    expect(await codeOf(app.request('/api/directory', { headers: { cookie } }))).toBe('unauthenticated');
  });

  it('never hands over a private key', async () => {
    const { privateKey: _, ...rest } = key;
    const answer = await enrol({ key: { ...rest.publicJwk, d: 'A'.repeat(43) } });
    expect(JSON.stringify(await answer.json())).not.toContain('AAAA');
  });
});

describe('signing in is refused', () => {
  it('without enrolment, and without a session', async () => {
    expect(await codeOf(signIn())).toBe('terminal_unknown');
    expect(await codeOf(app.request('/api/directory'))).toBe('unauthenticated');
    const cookie = `tsunagi-4200=${'A'.repeat(43)}`;
    expect(await codeOf(app.request('/api/directory', { headers: { cookie } }))).toBe('unauthenticated');
  });

  it('with another key, for another gateway, at another time, or again', async () => {
    await enrol();
    const other = await importSigningKey(await createSigningJwk());
    expect(await codeOf(signIn({}, other))).toBe('terminal_signature_invalid');
    expect(await codeOf(signIn({ aud: 'http://127.0.0.1:4210' }))).toBe('forbidden');
    expect(await codeOf(signIn({ iat: Math.floor(NOW.getTime() / 1000) - 301 }))).toBe('clock_skew');
    const assertion = await signClaims('session+jwt', claims(), key);
    expect(await codeOf(post('/api/sessions', { assertion }))).toBe(204);
    expect(await codeOf(post('/api/sessions', { assertion }))).toBe('unauthenticated');
  });

  it('with a statement of another kind', async () => {
    await enrol();
    const assertion = await signClaims('terminal+jwt', claims(), key);
    expect(await codeOf(post('/api/sessions', { assertion }))).toBe('terminal_signature_invalid');
    expect(await codeOf(post('/api/sessions', { assertion: 'no' }))).toBe('malformed_request');
  });
});

describe("an administrator's code", () => {
  it('is asked for where there is one, and guessing is slowed down', async () => {
    app = createGateway('4711');
    expect(await codeOf(enrol({ code: '4711' }))).toBe(201);
    expect(await codeOf(enrol())).toBe('terminal_code_wrong');
    expect(await codeOf(enrol({ code: '0001' }))).toBe('terminal_code_wrong');
    expect(await codeOf(enrol({ code: '0002' }))).toBe('terminal_code_wrong');
    expect(await codeOf(enrol({ code: '4711' }))).toBe('too_many_attempts');
    clock.now = new Date(NOW.getTime() + 60_001);
    expect(await codeOf(enrol({ code: '4711' }))).toBe(201);
  });
});

describe('a code for one terminal', () => {
  const save = (minutes: number) =>
    gateway.terminals.saveCode({
      ...{ hash: hashCode('ABCD2345'), receives: false },
      expires: new Date(NOW.getTime() + minutes * 60_000),
    });

  it('is read however it is written, lets one in, and says what that one may', async () => {
    app = createGateway('standing-code');
    await save(15);
    const enrolled = await enrol({ code: ' abcd-2345' });
    expect(await enrolled.json()).toMatchObject({ receives: false });
    expect(await codeOf(enrol({ code: 'ABCD2345' }))).toBe('terminal_code_wrong');
  });

  it('dies after a quarter of an hour', async () => {
    app = createGateway('standing-code');
    await save(15);
    clock.now = new Date(NOW.getTime() + 15 * 60_000);
    expect(await codeOf(enrol({ code: 'ABCD2345' }))).toBe('terminal_code_wrong');
  });

  it('does not let a terminal back that was turned away', async () => {
    await enrol();
    const [cookie = ''] = cookieOf(await signIn()).split(';');
    await gateway.terminals.revoke(key.kid, NOW);
    expect(await codeOf(app.request('/api/directory', { headers: { cookie } }))).toBe('unauthenticated');
    expect(await codeOf(signIn())).toBe('terminal_revoked');
    expect(await codeOf(enrol())).toBe('terminal_revoked');
  });
});

describe('a page of another origin', () => {
  const from = (headers: Record<string, string>) =>
    codeOf(post('/api/terminals', { key: key.publicJwk, name: 'x' }, headers));

  it('changes nothing here', async () => {
    expect(await from({ origin: ORIGIN, 'sec-fetch-site': 'same-origin' })).toBe(201);
    expect(await from({ origin: 'http://127.0.0.1:4210' })).toBe('forbidden');
    expect(await from({ origin: 'null' })).toBe('forbidden');
    expect(await from({ 'sec-fetch-site': 'cross-site' })).toBe('forbidden');
    expect(await from({})).toBe(201);
  });
});

it('binds the cookie to the host where the origin is HTTPS', async () => {
  const secure = new Hono().get('/', (context) => {
    createSessionCookie('https://gateway.example').write(context, 'token', new Date(NOW.getTime() + 1000));
    return context.body(null);
  });
  expect(cookieOf(await secure.request('/'))).toMatch(/^__Host-tsunagi=token;.*Path=\/;.*Secure/);
});
