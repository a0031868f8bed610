import { Hono, type Context } from 'hono';
import { beforeEach, describe, expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import type { PasskeyChallenge, PasskeyCreation } from '#api/contract/passkey.ts';
import {
  attestPasskey,
  createSoftwarePasskey,
  signWithPasskey,
  type SoftwarePasskey,
} from '#api/contract/software-passkey.ts';
import { type StaffInvitation, type StaffSession } from '#api/contract/staff.ts';
import { STAFF_HEADER, type StaffRole } from '#api/contract/staff-person.ts';
import { createAttemptLimit } from '#api/enrolment/attempt-limit.ts';
import { attemptsSchema, createSqliteAttemptStore } from '#api/storage/sqlite/attempts.ts';
import { openSetUp } from '#api/enrolment/set-up.ts';
import { createStaffRoutes } from '#api/enrolment/staff-routes.ts';
import { createAccess, type StaffEnv } from '#api/http/access.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { createSessionCookie } from '#api/http/terminal-session.ts';
import { createSqliteStaffStore, staffSchema } from '#api/storage/sqlite/staff.ts';
import { temporaryDatabase } from '../storage/temporary-file.ts';
import { NOW } from '../synthetic/shared-world.ts';

const attemptStore = () => createSqliteAttemptStore(temporaryDatabase([attemptsSchema]));
const ORIGIN = 'https://gateway.example';
const clock = { now: NOW };

/** Terminals whose cookie is their name: how they get one is tested elsewhere. */
async function createGateway() {
  const attempts = attemptStore();
  const staff = createSqliteStaffStore(temporaryDatabase([staffSchema]));
  const now = () => clock.now;
  const setUp = await openSetUp(staff);
  const app = new Hono<StaffEnv>();
  answerProblems(app, (failure) => {
    throw failure;
  });
  const cookie = { ...createSessionCookie(ORIGIN), read: () => 'a cookie' };
  app.use('/api/*', async (context, next) => {
    const id = context.req.header('terminal') ?? 'T';
    const terminal = { id, name: id, receives: id === 'kiosk' };
    const access = createAccess({
      ...{ cookie, now },
      findTerminal: () => Promise.resolve(id === 'nobody' ? undefined : terminal),
      findPerson: (hash, at, when) => staff.findSession(hash, at, when),
    });
    // The path's parameters are none of its business.
    return access(context as Context<StaffEnv, string, object>, next);
  });
  app.route(
    '/',
    createStaffRoutes({
      ...{ staff, origin: ORIGIN, institutionName: 'さくら病院', now },
      attempts: createAttemptLimit(attempts, 'codes', { failures: 3, windowMs: 60_000 }),
      signInAttempts: (terminal) => createAttemptLimit(attempts, terminal, { failures: 6, windowMs: 60_000 }),
      setUpCode: () => setUp.code(),
      onPasskey: () => setUp.refresh(),
    }),
  );
  for (const path of ['/api/inbox', '/api/visits', '/api/unlisted']) app.get(path, (context) => context.json(path));
  app.post('/api/visits', (context) => context.json('taken'));
  return { app, setUp };
}

let gateway: Awaited<ReturnType<typeof createGateway>>;
beforeEach(async () => {
  clock.now = NOW;
  gateway = await createGateway();
});

interface Caller {
  readonly token?: string;
  readonly terminal?: string;
}

async function call<T>(method: string, path: string, body?: object, { token, terminal }: Caller = {}): Promise<T> {
  const headers = { ...(token ? { [STAFF_HEADER]: token } : {}), ...(terminal ? { terminal } : {}) };
  const answer = await gateway.app.request(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await answer.text();
  const json: unknown = text ? JSON.parse(text) : undefined;
  return (answer.ok ? json : { refused: (json as { code: string }).code }) as T;
}
const post = <T>(path: string, body?: object, by?: Caller) => call<T>('POST', path, body, by);
const get = <T>(path: string, by?: Caller) => call<T>('GET', path, undefined, by);

async function register(code: string, change: { isVerified?: boolean; origin?: string } = {}) {
  const creation = await post<PasskeyCreation>('/api/staff/registrations/challenges', { code });
  const passkey = await createSoftwarePasskey(creation.user?.id ?? createId());
  const attestation = attestPasskey(passkey, creation, { origin: ORIGIN, ...change });
  return { passkey, session: await post<StaffSession>('/api/staff/registrations', { code, attestation }) };
}

async function signIn(passkey: SoftwarePasskey, change: { isVerified?: boolean; origin?: string } = {}, by?: Caller) {
  const challenge = await post<PasskeyChallenge>('/api/staff/challenges', undefined, by);
  const assertion = await signWithPasskey(passkey, challenge, { origin: ORIGIN, ...change });
  return post<StaffSession>('/api/staff/sessions', { assertion }, by);
}

/** The first administrator, and how they ask. */
async function setUp() {
  const code = gateway.setUp.code() ?? '';
  const first = await post<StaffInvitation>('/api/staff/first', { code, name: '管理 花子', roles: ['administrator'] });
  const { passkey, session } = await register(first.code);
  return { passkey, token: session.token, id: first.member.id };
}

const invite = (token: string, ...roles: StaffRole[]) =>
  post<StaffInvitation>('/api/staff', { name: '看護 一', roles }, { token });

describe('the first start', () => {
  it('lets the first administrator in with the code on the console, once', async () => {
    const code = gateway.setUp.code() ?? '';
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);
    const { token } = await setUp();
    expect(gateway.setUp.code()).toBeUndefined();
    expect(await post('/api/staff/first', { code, name: 'x', roles: ['doctor'] })).toEqual({
      refused: 'set_up_already',
    });
    expect(await get('/api/staff', { token })).toMatchObject({
      members: [{ name: '管理 花子', roles: ['administrator'], passkeys: 1 }],
    });
  });

  it('slows guessing down', async () => {
    for (const code of ['2222-2222', '2222-2223', 'x']) {
      expect(await post('/api/staff/first', { code, name: 'x', roles: ['doctor'] })).toEqual({
        refused: 'invitation_wrong',
      });
    }
    const right = { code: gateway.setUp.code(), name: 'x', roles: ['doctor'] };
    expect(await post('/api/staff/first', right)).toEqual({ refused: 'too_many_attempts' });
    clock.now = new Date(NOW.getTime() + 60_001);
    expect(await post('/api/staff/first', right)).toMatchObject({ member: { roles: ['doctor', 'administrator'] } });
  });
});

describe('an invitation', () => {
  it('makes one passkey, for the person it names', async () => {
    const { token } = await setUp();
    const { code } = await invite(token, 'nurse');
    const { passkey, session } = await register(code.toLowerCase().replace('-', ' '));
    expect(session.person).toMatchObject({ name: '看護 一', roles: ['nurse'] });
    expect(await post('/api/staff/registrations/challenges', { code })).toEqual({ refused: 'invitation_wrong' });
    expect((await signIn(passkey)).person).toEqual(session.person);
  });

  it('dies after a day', async () => {
    const { token } = await setUp();
    const { code } = await invite(token, 'nurse');
    clock.now = new Date(NOW.getTime() + 24 * 3_600_000);
    expect(await post('/api/staff/registrations/challenges', { code })).toEqual({ refused: 'invitation_wrong' });
  });

  it('wants the holder verified, here', async () => {
    const { token } = await setUp();
    const { code } = await invite(token, 'nurse');
    expect((await register(code, { isVerified: false })).session).toEqual({ refused: 'passkey_invalid' });
    expect((await register(code, { origin: 'https://elsewhere.example' })).session).toEqual({
      refused: 'passkey_invalid',
    });
    expect((await register(code)).session.person.roles).toEqual(['nurse']);
  });

  it('recovers a person who lost the passkey, which then opens nothing', async () => {
    const { token, passkey: administrator } = await setUp();
    const { code, member } = await invite(token, 'nurse');
    const { passkey } = await register(code);
    const desk = { token: (await signIn(administrator, {}, { terminal: 'D' })).token, terminal: 'D' };
    const again = await post<StaffInvitation>(`/api/staff/${member.id}/invitations`, undefined, desk);
    expect((await signIn(passkey)).person.id).toBe(member.id);
    await register(again.code);
    expect(await signIn(passkey)).toEqual({ refused: 'passkey_unknown' });
  });
});

describe('signing in', () => {
  it('is good on the terminal where it happened, until it is ended', async () => {
    const { passkey } = await setUp();
    const { token } = await signIn(passkey);
    expect(await get('/api/staff', { token })).toHaveProperty('members');
    expect(await get('/api/staff', { token, terminal: 'U' })).toEqual({ refused: 'staff_required' });
    await post('/api/staff/sessions/end', undefined, { token });
    expect(await get('/api/staff', { token })).toEqual({ refused: 'staff_required' });
  });

  it('lasts a shift', async () => {
    const { passkey } = await setUp();
    const { token } = await signIn(passkey);
    clock.now = new Date(NOW.getTime() + 12 * 3_600_000);
    expect(await get('/api/staff', { token })).toEqual({ refused: 'staff_required' });
  });

  it('ends whoever was signed in on the terminal before', async () => {
    const { passkey, token: first } = await setUp();
    await signIn(passkey);
    expect(await get('/api/staff', { token: first })).toEqual({ refused: 'staff_required' });
  });

  it('is refused without verification, from another origin, by a stranger, and again', async () => {
    const { passkey } = await setUp();
    expect(await signIn(passkey, { isVerified: false })).toEqual({ refused: 'passkey_invalid' });
    expect(await signIn(passkey, { origin: 'https://elsewhere.example' })).toEqual({ refused: 'passkey_invalid' });
    expect(await signIn(await createSoftwarePasskey(createId()))).toEqual({ refused: 'passkey_unknown' });
    const other = { ...(await createSoftwarePasskey(createId())), credentialId: passkey.credentialId };
    expect(await signIn(other)).toEqual({ refused: 'passkey_invalid' });
    const challenge = await post<PasskeyChallenge>('/api/staff/challenges');
    const assertion = await signWithPasskey(passkey, challenge, { origin: ORIGIN });
    expect(await post('/api/staff/sessions', { assertion }, { terminal: 'U' })).toEqual({ refused: 'passkey_invalid' });
    expect(await post('/api/staff/sessions', { assertion })).toHaveProperty('token');
    expect(await post('/api/staff/sessions', { assertion })).toEqual({ refused: 'passkey_invalid' });
  });

  it('is refused for a while after many passkeys that open nothing, at the terminal where they were tried', async () => {
    const { passkey } = await setUp();
    const stranger = await createSoftwarePasskey(createId());
    for (let n = 0; n < 6; n += 1) {
      expect(await signIn(passkey)).toHaveProperty('token');
      expect(await signIn(stranger)).toEqual({ refused: 'passkey_unknown' });
    }
    expect(await signIn(passkey)).toEqual({ refused: 'too_many_attempts' });
    expect(await signIn(passkey, {}, { terminal: 'D' })).toHaveProperty('token');
    clock.now = new Date(NOW.getTime() + 60_001);
    expect(await signIn(passkey)).toHaveProperty('token');
  });

  it('lets no more pass of many passkeys that are tried at once', async () => {
    const { passkey } = await setUp();
    const other = { ...(await createSoftwarePasskey(createId())), credentialId: passkey.credentialId };
    const refusals = await Promise.all(Array.from({ length: 9 }, () => signIn(other)));
    expect(refusals.filter((one) => 'refused' in one && one.refused === 'too_many_attempts')).toHaveLength(3);
    expect(await signIn(passkey)).toEqual({ refused: 'too_many_attempts' });
  });

  it('is over at once for a person who may no longer', async () => {
    const { token, passkey: administrator } = await setUp();
    const { code, member } = await invite(token, 'nurse');
    const { passkey, session } = await register(code);
    const nurse = { token: session.token, terminal: 'T' };
    // The administrator sits at another terminal.
    const desk = { token: (await signIn(administrator, {}, { terminal: 'D' })).token, terminal: 'D' };
    expect(await get('/api/visits', nurse)).toBe('/api/visits');
    await post(`/api/staff/${member.id}/changes`, { isDisabled: true }, desk);
    expect(await get('/api/visits', nurse)).toEqual({ refused: 'staff_required' });
    expect(await signIn(passkey)).toEqual({ refused: 'passkey_unknown' });
    expect(await post(`/api/staff/${member.id}/invitations`, undefined, desk)).toEqual({ refused: 'conflict' });
  });
});

describe('who may do what', () => {
  it('is decided by role, at each request', async () => {
    const { token } = await setUp();
    expect(await get('/api/inbox', { token })).toEqual({ refused: 'role_missing' });
    expect(await get('/api/visits', { token })).toEqual({ refused: 'role_missing' });
    expect(await get('/api/staff', {})).toEqual({ refused: 'staff_required' });
    expect(await get('/api/staff', { terminal: 'nobody' })).toEqual({ refused: 'unauthenticated' });
    expect(await get('/api/unlisted', { token })).toEqual({ refused: 'not_found' });
  });

  it('lets a terminal that receives take visits, and read none', async () => {
    expect(await post('/api/visits', {}, { terminal: 'kiosk' })).toBe('taken');
    expect(await post('/api/visits', {}, { terminal: 'T' })).toEqual({ refused: 'staff_required' });
    expect(await get('/api/visits', { terminal: 'kiosk' })).toEqual({ refused: 'staff_required' });
  });

  it('keeps the last administrator', async () => {
    const { token, id } = await setUp();
    expect(await post(`/api/staff/${id}/changes`, { isDisabled: true }, { token })).toEqual({
      refused: 'last_administrator',
    });
    expect(await post(`/api/staff/${id}/changes`, { roles: ['nurse'] }, { token })).toEqual({
      refused: 'last_administrator',
    });
    expect(await post(`/api/staff/${id}/changes`, { roles: ['nurse', 'administrator'] }, { token })).toMatchObject({
      roles: ['nurse', 'administrator'],
    });
  });
});
