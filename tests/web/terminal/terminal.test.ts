import { expect, it } from 'vitest';
import type { TerminalEnrolment } from '#api/contract/terminals-api.ts';
import { SessionClaims } from '#api/contract/terminals-api.ts';
import { thumbprint, verifyClaims } from '#api/contract/jose.ts';
import { Problem } from '#api/contract/problem.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { Terminal } from '#lib/terminal/terminal.svelte.ts';
import { createMemoryPreferences } from '../kept-in-memory.ts';

function createGateway() {
  const enrolments: TerminalEnrolment[] = [];
  const assertions: string[] = [];
  return {
    enrolments,
    assertions,
    async enrol(body: TerminalEnrolment) {
      if (body.code === 'wrong') throw new Problem('terminal_code_wrong', 'no');
      enrolments.push(body);
      return {
        terminal: await thumbprint(body.key),
        name: body.name,
        enrolledAt: '2026-11-22T03:00:00Z',
        receives: true,
      };
    },
    openSession: (assertion: string) => Promise.resolve(void assertions.push(assertion)),
  };
}

const NOW = new Date('2026-11-22T03:00:00Z');

const open = (gateway = createGateway(), store = createMemoryStore(), preferences = createMemoryPreferences()) =>
  Terminal.open({
    store,
    preferences,
    enrol: (body) => gateway.enrol(body),
    openSession: (assertion) => gateway.openSession(assertion),
    origin: 'http://127.0.0.1:4200',
    now: () => NOW,
  });

it('is nobody before it is enrolled', async () => {
  const terminal = await open();
  expect(terminal.isEnrolled).toBe(false);
  expect(() => terminal.key).toThrow(expect.objectContaining({ code: 'terminal_missing' }));
});

it('enrols a key that cannot be taken out, and is the same terminal after a reload', async () => {
  const gateway = createGateway();
  const store = createMemoryStore();
  const terminal = await open(gateway, store);
  await terminal.enrol('受付 1', '1234');
  expect(terminal).toMatchObject({ isEnrolled: true, name: '受付 1', id: terminal.key.kid });
  expect(terminal.key.privateKey.extractable).toBe(false);
  expect(gateway.enrolments[0]).toMatchObject({ name: '受付 1', code: '1234' });

  const again = await open(gateway, store);
  expect([again.isEnrolled, again.key.kid]).toEqual([true, terminal.key.kid]);
});

it('is the terminal that an earlier version enrolled, and keeps its name in the store from then on', async () => {
  const store = createMemoryStore();
  const terminal = await open(createGateway(), store);
  await terminal.enrol('受付 1');
  const former = createMemoryPreferences({ 'tsunagi.terminal': JSON.stringify(store.readFact('terminal')) });
  await store.writeFact('terminal', undefined);
  expect((await open(createGateway(), store)).isEnrolled).toBe(false);

  expect((await open(createGateway(), store, former)).name).toBe('受付 1');
  expect((await open(createGateway(), store)).name).toBe('受付 1');
});

it('keeps its key through a refused enrolment', async () => {
  const gateway = createGateway();
  const store = createMemoryStore();
  const terminal = await open(gateway, store);
  await expect(terminal.enrol('a', 'wrong')).rejects.toMatchObject({ code: 'terminal_code_wrong' });
  expect(terminal.isEnrolled).toBe(false);
  const first = await store.readKey('terminal');
  await terminal.enrol('a');
  expect((await store.readKey('terminal'))?.publicJwk).toEqual(first?.publicJwk);
});

it('is nobody again when the browser threw its key away', async () => {
  const store = createMemoryStore();
  await (await open(createGateway(), store)).enrol('a');
  await store.removeKey('terminal');
  expect((await open(createGateway(), store)).isEnrolled).toBe(false);
});

it('signs in with an assertion for this gateway alone, once for callers that come together', async () => {
  const gateway = createGateway();
  const terminal = await open(gateway);
  await terminal.enrol('a');
  gateway.assertions.length = 0;
  await Promise.all([terminal.signIn(), terminal.signIn()]);
  expect(gateway.assertions).toHaveLength(1);
  const { claims, signer } = await verifyClaims(gateway.assertions[0]!, {
    typ: 'session+jwt',
    claims: SessionClaims,
    findKey: () => terminal.key.publicJwk,
  });
  expect(claims).toMatchObject({ iss: terminal.id, aud: 'http://127.0.0.1:4200', iat: NOW.getTime() / 1000 });
  expect(signer).toBe(terminal.id);
  await terminal.signIn();
  expect(gateway.assertions).toHaveLength(2);
});
