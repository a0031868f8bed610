import { generateKeyPairSync, sign } from 'node:crypto';
import { Hono } from 'hono';
import { beforeAll, describe, expect, it } from 'vitest';
import { RsaPublicJwk, signBinding } from '#api/contract/binding.ts';
import { encodeBase64Url } from '#api/contract/encoding.ts';
import { HistoryOutcome, PeerHistory } from '#api/contract/exchange-api.ts';
import { signTimelineHead, type TimelineHead } from '#api/contract/evidence/timeline.ts';
import { createId } from '#api/contract/ids.ts';
import {
  assemblePresenceProof,
  encodePresenceSigningInput,
  readPresenceClaims,
  verifyPresenceProof,
  type PresenceClaims,
  type PresenceSubmission,
} from '#api/contract/presence-proof.ts';
import { recordHash } from '#api/contract/visit-record.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { createRequestMemory } from '#api/http/request-memory.ts';
import { createSignedCaller, type KnownCaller } from '#api/http/signed-caller.ts';
import type { Fetch } from '#api/http/exchange-client.ts';
import type { HistoryParts, KnownBinding } from '#api/sharing/history/parts.ts';
import { createHistoryRoutes } from '#api/sharing/history/routes.ts';
import { consentsSchema, createSqliteConsentStore } from '#api/storage/sqlite/consents.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { presenceSchema } from '#api/storage/sqlite/presence.ts';
import { createFaultyDatabase, WRITE_FAULTS } from '../parties/faults.ts';
import { createParties, DAY_MS, describe as contentOf, later, NOW, type TestExchange } from '../parties/parties.ts';
import { callTo } from '../relay/relay-fixture.ts';
import { SUBJECT, visitAtA } from './sharing-fixture.ts';

const newCard = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const card = newCard();
const hash = (letter: string) => letter.repeat(43);
let east: TestExchange;
let west: TestExchange;

beforeAll(async () => {
  ({ east, west } = await createParties());
});

const bindingOf = (change: Partial<KnownBinding> = {}): KnownBinding => ({
  ...{ subject: SUBJECT, certHash: hash('h'), application: 'text-ap', enrolledAt: NOW },
  cardKey: RsaPublicJwk.parse(card.publicKey.export({ format: 'jwk' })),
  ...change,
});

function submit(change: Partial<PresenceClaims> = {}, by = card): PresenceSubmission {
  const claims: PresenceClaims = {
    ...{ version: 1, jti: createId(), iss: hash('t'), actorId: west.member.id, aud: 'west' },
    ...{ iat: NOW.getTime() / 1000, purpose: 'history', proofMethod: 'mynumber-tap', certHash: hash('h') },
    freshness: { kind: 'challenge', challenge: encodeBase64Url(crypto.getRandomValues(new Uint8Array(32))) },
    scope: { recipient: west.member.id, kinds: ['laboratory'], expires: later(DAY_MS).toISOString() },
    ...change,
  };
  const input = encodePresenceSigningInput(claims);
  const presence = assemblePresenceProof(input, sign('sha256', input, by.privateKey));
  return { submissionId: createId(), presence, certificate: btoa('certificate'), terminal: 'a.b.c' };
}

const salt = `${'A'.repeat(42)}A`;
const toReceipt = (record: string) => ({ version: 1 as const, record, salt, proof: 'proof' });

/** WEST asks, EAST answers, over their real routes; `east` changes what EAST is. */
async function open(
  change: { readonly atEast?: Partial<HistoryParts>; readonly eastFetch?: Fetch; readonly records?: string[] } = {},
) {
  const disk = createFaultyDatabase(openSqlite(':memory:', [presenceSchema, consentsSchema]));
  const view = createDirectoryView([contentOf(west, [east]), contentOf(east)], () => NOW);
  const records = change.records ?? [await visitAtA({ east, west })];
  const shared = { directory: () => view, now: () => NOW, findPerson: () => Promise.resolve(null) };
  const guardOf = (self: string, callers: readonly KnownCaller[]) => {
    const memory = createRequestMemory();
    const findCaller = (id: string) => callers.find((caller) => caller.id === id);
    return (options: { readonly only: 'member' | 'peer' }) =>
      createSignedCaller({ exchange: self, findCaller, memory, now: () => NOW, ...options });
  };
  const mount = (self: TestExchange, parts: HistoryParts, callers: readonly KnownCaller[]) => {
    const app = new Hono();
    answerProblems(app, () => {});
    return app.route('/', createHistoryRoutes(parts, guardOf(self.id, callers)));
  };
  const unused = () => Promise.reject(new TypeError('not asked of EAST'));
  const eastApp = mount(
    east,
    {
      ...{ ...shared, exchange: 'east', key: east.key, peers: [], verifyTap: unused },
      consents: createSqliteConsentStore(openSqlite(':memory:', [presenceSchema, consentsSchema])),
      findBinding: () => Promise.resolve(undefined),
      readReceipts: (subject) =>
        Promise.resolve({ receipts: subject === SUBJECT ? records.map(toReceipt) : [], checkpoint: 'east note' }),
      ...change.atEast,
    },
    [{ kind: 'peer', id: 'west', keys: [west.key.publicJwk] }],
  );
  const asWest = callTo(eastApp, 'east', { id: 'west', key: west.key }, () => NOW, change.eastFetch);
  const westApp = mount(
    west,
    {
      ...{ ...shared, exchange: 'west', key: west.key, peers: [asWest] },
      consents: createSqliteConsentStore(disk.database),
      async verifyTap({ presence }) {
        const binding = bindingOf();
        const claims = await verifyPresenceProof(presence, binding.cardKey);
        const challenge = claims.freshness.kind === 'challenge' ? claims.freshness.challenge : null;
        return { claims, binding, presentedAt: NOW, use: { id: claims.jti, challenge, usedAt: NOW } };
      },
      findBinding: () => Promise.resolve(bindingOf()),
      readReceipts: () => Promise.resolve({ receipts: [], checkpoint: 'west note' }),
    },
    [{ kind: 'member', id: west.member.id, keys: [west.member.signing.publicJwk] }],
  );
  const b = callTo(westApp, 'west', { id: west.member.id, key: west.member.signing }, () => NOW);
  return {
    ...{ disk, asWest, records, b },
    ask: (submission: PresenceSubmission) => b.post('/api/histories', submission, HistoryOutcome),
    askPeer: (consent: object) => asWest.post('/api/peer/histories', { consent }, PeerHistory),
  };
}

describe('a history', () => {
  it('has the parts of every exchange, each with its checkpoint', async () => {
    const { ask, records } = await open();
    const { parts, consent } = await ask(submit());
    expect(parts).toEqual([
      { kind: 'records', exchange: 'west', receipts: [], checkpoint: 'west note' },
      { kind: 'records', exchange: 'east', receipts: records.map(toReceipt), checkpoint: 'east note' },
    ]);
    expect(readPresenceClaims(consent.presence).purpose).toBe('history');
  });

  it.each([
    [
      'for another institution',
      { scope: { recipient: 'hoshi/9999999999', kinds: ['laboratory'], expires: later(DAY_MS).toISOString() } },
      'consent_wrong_recipient',
    ],
    ['without a scope', { scope: undefined }, 'consent_wrong_recipient'],
    ['that is over', { scope: 'over' }, 'consent_expired'],
    ['of another purpose', { purpose: 'visit' }, 'consent_wrong_scope'],
  ] as const)('is refused on a consent %s', async (_what, change, code) => {
    const { ask } = await open();
    const over = { recipient: west.member.id, kinds: ['laboratory'] as const, expires: NOW.toISOString() };
    const claims = 'scope' in change && change.scope === 'over' ? { scope: over } : change;
    await expect(ask(submit(claims as Partial<PresenceClaims>))).rejects.toMatchObject({ code });
  });

  it('is answered again for the same tap, and never for its proof in another submission', async () => {
    const { ask } = await open();
    const submission = submit();
    const first = await ask(submission);
    expect(await ask(submission)).toEqual(first);
    const again = ask({ ...submission, submissionId: createId() });
    await expect(again).rejects.toMatchObject({ code: 'presence_replayed' });
    const other = ask({ ...submit(), submissionId: submission.submissionId });
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each(WRITE_FAULTS)('uses a tap up once when the write was %s', async (fault) => {
    const { ask, disk } = await open();
    const submission = submit();
    disk.fail(fault);
    await expect(ask(submission)).rejects.toMatchObject({ code: 'exchange_unreachable' });
    expect((await ask(submission)).parts).toHaveLength(2);
  });

  it.each([
    ['does not answer', { eastFetch: () => Promise.reject(new TypeError('connection refused')) }],
    ['answers something else', { eastFetch: () => Promise.resolve(Response.json({ receipts: 'none' })) }],
  ])('names the exchange that %s', async (_what, change) => {
    const { ask } = await open(change);
    const { parts } = await ask(submit());
    expect(parts[1]).toMatchObject({ kind: 'missing', exchange: 'east', problem: { code: 'exchange_unreachable' } });
  });

  it.each([
    ['whole', {}, 'records'],
    ['one record short', { count: 2 }, 'missing'],
    ['another end', { head: hash('c') }, 'missing'],
    ['another person', { subject: hash('o') }, 'missing'],
    ['another exchange', { iss: 'west' }, 'missing'],
  ])('a timeline head that speaks of %s', async (_what, change: Partial<TimelineHead>, kind) => {
    const record = await visitAtA({ east, west });
    const head: TimelineHead = {
      ...{ version: 1, iss: 'east', subject: SUBJECT, count: 1, head: recordHash(record) },
      ...{ origin: 'east.example/log', size: 1, signedAt: NOW.toISOString() },
      ...change,
    };
    const timeline = await signTimelineHead(head, east.key);
    const answer = { receipts: [toReceipt(record)], checkpoint: 'east note', timeline };
    const { ask } = await open({ atEast: { readReceipts: () => Promise.resolve(answer) } });
    expect((await ask(submit())).parts[1]).toMatchObject({ kind, exchange: 'east' });
  });

  it('takes no record that the peer did not sign, or of another person', async () => {
    const wrong = [
      await visitAtA({ east, west }, {}, west.key),
      await visitAtA({ east, west }, { iss: 'west' }),
      await visitAtA({ east, west }, { subject: hash('o') }),
    ];
    for (const record of wrong) {
      const { ask } = await open({ records: [await visitAtA({ east, west }), record] });
      expect((await ask(submit())).parts[1]).toMatchObject({
        kind: 'missing',
        problem: { code: 'exchange_unreachable' },
      });
    }
  });
});

describe('a peer is answered', () => {
  const consent = async (change: Partial<PresenceClaims> = {}, by = card) => {
    const { ask } = await open();
    const { binding } = (await ask(submit())).consent;
    return { presence: submit(change, by).presence, binding };
  };

  it('with the person’s records on what the card signed', async () => {
    const { askPeer, records } = await open();
    expect((await askPeer(await consent())).receipts).toEqual(records.map(toReceipt));
  });

  it.each([
    ['made for another exchange', { aud: 'east' }, 'consent_invalid'],
    ['made in the future', { iat: later(DAY_MS).getTime() / 1000 }, 'consent_invalid'],
    ['of another card', { certHash: hash('o') }, 'consent_invalid'],
    ['of another purpose', { purpose: 'visit' }, 'consent_wrong_scope'],
    [
      'for an institution behind someone else',
      { actorId: 'sakura/1310000012', scope: 'east' },
      'consent_wrong_recipient',
    ],
    ['made elsewhere than at its recipient', { actorId: 'hoshi/9999999999' }, 'consent_wrong_recipient'],
    ['that is over', { scope: 'over' }, 'consent_expired'],
  ] as const)('not on a consent %s', async (_what, change, code) => {
    const { askPeer } = await open();
    const scopes = {
      over: { recipient: west.member.id, kinds: ['laboratory'] as const, expires: NOW.toISOString() },
      east: { recipient: east.member.id, kinds: ['laboratory'] as const, expires: later(DAY_MS).toISOString() },
    };
    const claims = { ...change, ...('scope' in change ? { scope: scopes[change.scope] } : {}) };
    await expect(askPeer(await consent(claims as Partial<PresenceClaims>))).rejects.toMatchObject({ code });
  });

  it('not on another card’s signature, nor on one that our own binding contradicts', async () => {
    const stranger = newCard();
    const { askPeer } = await open();
    const forged = await consent({}, stranger);
    await expect(askPeer(forged)).rejects.toMatchObject({ code: 'consent_invalid' });

    const otherKey = RsaPublicJwk.parse(stranger.publicKey.export({ format: 'jwk' }));
    const own = await open({ atEast: { findBinding: () => Promise.resolve(bindingOf({ cardKey: otherKey })) } });
    await expect(own.askPeer(await consent())).rejects.toMatchObject({ code: 'consent_invalid' });
    const person = await open({ atEast: { findBinding: () => Promise.resolve(bindingOf({ subject: hash('o') })) } });
    await expect(person.askPeer(await consent())).rejects.toMatchObject({ code: 'consent_wrong_person' });
  });

  it('on a proof with the PIN, whose key our binding of the tap key does not hold', async () => {
    const pinKey = newCard();
    const binding = await signBinding(
      {
        ...{ version: 1, iss: 'west', subject: SUBJECT, certHash: hash('h'), application: 'jpki' },
        cardKey: RsaPublicJwk.parse(pinKey.publicKey.export({ format: 'jwk' })),
        enrolledAt: NOW.toISOString(),
      },
      west.key,
    );
    const { askPeer } = await open({ atEast: { findBinding: () => Promise.resolve(bindingOf()) } });
    const { presence } = submit({ proofMethod: 'mynumber-pin' }, pinKey);
    expect((await askPeer({ presence, binding })).receipts).toHaveLength(1);
  });

  it('not when the caller is no peer', async () => {
    const { b } = await open();
    const body = { consent: await consent() };
    await expect(b.post('/api/peer/histories', body, PeerHistory)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
