import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { HistoryView } from '#api/contract/histories-api.ts';
import { RegisteredRecords } from '#api/contract/records-api.ts';
import { SentRequest } from '#api/contract/share-requests-api.ts';
import { VisitView } from '#api/contract/visits-api.ts';
import { Directories, EnvelopeAnswer, Mailbox, PeerHistory } from '#api/contract/exchange-api.ts';
import { createId } from '#api/contract/ids.ts';
import { createSigningJwk, importSigningKey, type SigningKey } from '#api/contract/jose.ts';
import { PeerDiagnosis } from '#api/contract/operator-api.ts';
import type { ShareRequest } from '#api/contract/share-request.ts';
import { openOperatorClient } from '#api/demo/operator.ts';
import type { HeadlessTerminal } from '#api/demo/headless-terminal.ts';
import { createLabBundle } from '#api/synthetic/laboratory/lab-bundle.ts';
import { WORLD_TIMEOUT_MS } from '../../api/synthetic/shared-world.ts';
import { draftRequest, signRequest } from '../sharing/doctor.ts';
import { consentAt, countersign, postEnvelope, requestRaw, startParties, type RefusalParties } from './parties.ts';

let parties: RefusalParties;
let a: HeadlessTerminal;
let b: HeadlessTerminal;
let stranger: SigningKey;
let visitAtA: VisitView;
let history: HistoryView;

beforeAll(async () => {
  parties = await startParties();
  [a, b] = await Promise.all([parties.desk('gateway-a'), parties.desk('gateway-b')]);
  stranger = await importSigningKey(await createSigningJwk());
  visitAtA = await a.post('/api/visits', await a.tap(parties.card()), VisitView);
  history = await consentAt(b, parties);
}, WORLD_TIMEOUT_MS);
afterAll(() => parties?.stop());

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? error,
  );

/** A request of B's doctor to A, with anything changed before or after it is signed. */
async function ask({
  change = {},
  card = 0,
  tamper = (jws: string) => jws,
}: { change?: Partial<ShareRequest>; card?: number; tamper?: (jws: string) => string } = {}) {
  const { consent, parts } = history;
  const east = parts.find((part) => part.exchange === 'east');
  const visits = east?.kind === 'records' ? east.receipts.map(({ record }) => record) : [];
  const { a: to, b: from } = parties.ids;
  const draft = draftRequest({ id: createId(), from, to, visits, kinds: ['laboratory'], consent }, parties.now());
  const jws = await signRequest({ ...draft, ...change }, parties.network.world.cards.hpki[card]!);
  return b.post('/api/share-requests', { request: tamper(jws) }, SentRequest);
}
const otherLetter = (jws: string) => jws.replace(/.(?=.{9}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
const cardWithRole = (role: RegExp) =>
  parties.network.world.cards.hpki.findIndex((card) => role.test(JSON.stringify(card)));

describe('a wrong signature', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    [
      'of a call, by a key that nobody knows',
      'unauthenticated',
      () => parties.call('west', parties.ids.b, stranger).get('/api/mailbox', Mailbox),
    ],
    [
      'of a call in another’s name',
      'unauthenticated',
      () => parties.call('west', parties.ids.a, parties.keys.b).get('/api/mailbox', Mailbox),
    ],
    ['of an envelope', 'envelope_signature_invalid', () => postEnvelope(parties, { key: stranger })],
    ['of a request', 'request_signature_invalid', () => ask({ tamper: otherLetter })],
    [
      'of a card',
      'presence_signature_invalid',
      async () => {
        const tap = await b.tap(parties.card());
        return b.post('/api/visits', await countersign(b, tap, otherLetter(tap.presence)), VisitView);
      },
    ],
    [
      'of a consent',
      'consent_invalid',
      () => ask({ change: { consent: { ...history.consent, presence: otherLetter(history.consent.presence) } } }),
    ],
  ])('%s: %s', async (_what, code, attempt) => expect(await refusal(attempt())).toBe(code));
});

describe('a wrong role', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['on the HPKI card', 'hpki_role_not_allowed', () => ask({ card: cardWithRole(/harmacist|Nurse/) })],
    [
      'of whoever is signed in',
      'role_missing',
      async () => (await parties.desk('gateway-b', 1)).post('/api/share-requests', { request: 'x' }, SentRequest),
    ],
    [
      'of a server: a member where a peer is asked',
      'forbidden',
      () => parties.call('west', parties.ids.b, parties.keys.b).post('/api/peer/histories', {}, PeerHistory),
    ],
    [
      'of a server: a peer at a mailbox',
      'forbidden',
      () => parties.call('east', 'west', parties.keys.west).get('/api/mailbox', Mailbox),
    ],
  ])('%s: %s', async (_what, code, attempt) => expect(await refusal(attempt())).toBe(code));
});

describe('a wrong recipient', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    [
      'whom no directory names',
      'recipient_unknown',
      () => postEnvelope(parties, { change: { to: 'sakura/9999999999' } }),
    ],
    [
      'of the envelope’s sender',
      'forbidden',
      () => postEnvelope(parties, { change: { from: parties.ids.a, to: parties.ids.b } }),
    ],
    [
      'of a presence proof',
      'presence_wrong_audience',
      async () => b.post('/api/visits', await b.tap(parties.card(), { change: { aud: 'east' } }), VisitView),
    ],
    [
      'of a call',
      'unauthenticated',
      () =>
        parties
          .call('west', parties.ids.b, parties.keys.b, (_url, init) =>
            fetch(new URL('/api/mailbox', parties.network.origins.east).href, init),
          )
          .get('/api/mailbox', Mailbox),
    ],
    ['of a consent', 'consent_wrong_recipient', async () => consentAt(b, parties, { recipient: parties.ids.a })],
  ])('%s: %s', async (_what, code, attempt) => expect(await refusal(attempt())).toBe(code));
});

describe('a replay', () => {
  it('of a call: unauthenticated', async () => {
    let recorded: [string, RequestInit] | undefined;
    const client = parties.call('west', parties.ids.b, parties.keys.b, (url, init) =>
      fetch(...(recorded = [url, init])),
    );
    await client.get('/api/mailbox', Mailbox);
    const again = await fetch(...recorded!);
    expect([again.status, await again.json()]).toMatchObject([401, { code: 'unauthenticated' }]);
  });

  it('of a tap in another submission: presence_replayed', async () => {
    const tap = await b.tap(parties.card());
    await b.post('/api/visits', tap, VisitView);
    const again = await countersign(b, tap, tap.presence);
    expect(await refusal(b.post('/api/visits', again, VisitView))).toBe('presence_replayed');
  });

  it('of an envelope’s number for something else: conflict', async () => {
    const { id } = await postEnvelope(parties);
    expect(await refusal(postEnvelope(parties, { change: { id } }))).toBe('conflict');
  });
});

describe('too much', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    [
      'a body past what any envelope may have',
      'too_large',
      () => postEnvelope(parties, { body: 'x'.repeat(3_000_000) }),
    ],
    [
      'another size than its bucket',
      'envelope_malformed',
      () => postEnvelope(parties, { change: { sizeBucket: 16_384 } }),
    ],
    [
      'a document past its limit',
      'too_large',
      () =>
        a.post(
          '/api/records',
          { visitId: visitAtA.visitId, kind: 'laboratory', bundle: { text: 'x'.repeat(40_000_000) } },
          RegisteredRecords,
        ),
    ],
  ])('%s: %s', async (_what, code, attempt) => expect(await refusal(attempt())).toBe(code));
});

describe('malformed FHIR', () => {
  const asObject = (text: string): unknown => JSON.parse(text);
  const bundle = () =>
    createLabBundle(parties.network.world.people[0]!, {
      institution: parties.network.world.institutions.a,
      dates: ['2026-11-02'],
    });
  const register = (change: (text: string) => string) =>
    a.post(
      '/api/records',
      { visitId: visitAtA.visitId, kind: 'laboratory', bundle: asObject(change(JSON.stringify(bundle()))) },
      RegisteredRecords,
    );

  it.each<[string, string, (text: string) => string]>([
    ['that is no bundle', 'fhir_malformed', () => '{"resourceType":"Patient"}'],
    ['with a status that there is not', 'fhir_invalid', (text) => text.replace('"status":"final"', '"status":7')],
    [
      'with two values in one result',
      'fhir_invalid',
      (text) => text.replace('"valueQuantity":', '"valueString":"x","valueQuantity":'),
    ],
    [
      'with a reference to nothing',
      'fhir_reference_missing',
      (text) =>
        text.replace(
          /"subject":\{"reference":"[^"]+"/,
          '"subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000000"',
        ),
    ],
  ])('%s: %s', async (_what, code, change) => expect(await refusal(register(change))).toBe(code));
});

describe('tricks in identifiers', () => {
  it.each([
    'sakura%2f1310000012',
    'sakura/../1310000012',
    '../sakura/1310000012',
    'sakura/13100000%31',
    'sakura\\1310000012',
  ])('of an envelope’s recipient: %s', async (to) =>
    expect(await refusal(postEnvelope(parties, { change: { to } }))).toBe('envelope_malformed'),
  );

  it.each(['..%2f..%2fdirectories', '%2e%2e', '%2e%2e%2f%2e%2e%2fstatus', '..', '%00', 'a%5c..%5cb'])(
    'in an address of an exchange lead nowhere: %s',
    async (trick) => {
      const path = `/api/envelopes/${trick}`;
      const { status, code } = await requestRaw(parties.network.origins.west, 'GET', path);
      expect([status, ['unauthenticated', 'not_found'].includes(code ?? '')]).toEqual([
        code === 'not_found' ? 404 : 401,
        true,
      ]);
    },
  );

  it.each([
    '/api/inbox/..%2f..%2foperator%2fconfiguration',
    '/api/%2e%2e/api/inbox',
    '/api//inbox',
    '/api/inbox%2f',
    '/API/inbox',
  ])('in an address of a gateway open nothing: %s', async (path) => {
    const { status, code } = await requestRaw(parties.network.origins['gateway-a'], 'GET', path);
    expect([401, 403, 404]).toContain(status);
    expect(['unauthenticated', 'staff_required', 'forbidden', 'not_found']).toContain(code);
  });

  it('in a signed address are no identifier: not_found', async () => {
    const b2 = parties.call('west', parties.ids.b, parties.keys.b);
    expect(await refusal(b2.get('/api/envelopes/..%2fmailbox', EnvelopeAnswer))).toBe('not_found');
  });
});

describe('a directory', () => {
  it('older than the one before is a downgrade, and is not taken', async () => {
    const { network, instead, now } = parties;
    const url = new URL('/api/directories', network.origins.east).href;
    const older = await (await fetch(url)).text();
    const access = [{ service: '*', from: '*', to: '*' }];
    await parties.reconfigure('east', { access });
    await parties.reconfigure('west', {});
    const at = { dataDirectory: network.dataDirectory, origins: network.origins, fetch, now };
    const operator = await openOperatorClient(at, 'west');
    const test = () => operator.post('/api/operator/peers/east/test', undefined, PeerDiagnosis);
    const heldOfEast = async () => (await operator.get('/api/directories', Directories)).peers[0]?.directory;
    await expect.poll(heldOfEast, { timeout: 20_000 }).not.toBe(Directories.parse(JSON.parse(older)).own);
    const newer = await heldOfEast();
    instead.set(url, older);
    expect((await test()).finding).toBe('downgraded');
    expect(await heldOfEast()).toBe(newer);
    instead.delete(url);
    expect((await test()).finding).not.toBe('downgraded');
  });

  it('that allows nothing to somebody: access_denied, in relay, history and at the asker’s own gateway', async () => {
    await parties.reconfigure('east', { access: [] });
    await parties.reconfigure('west', {});
    await parties.reconfigure('gateway-b', {});
    expect(await refusal(postEnvelope(parties, { at: 'east' }))).toBe('access_denied');
    const soon = { timeout: 20_000 };
    await expect.poll(() => refusal(postEnvelope(parties)), soon).toBe('access_denied');
    const west = parties.call('east', 'west', parties.keys.west);
    expect(await refusal(west.post('/api/peer/histories', { consent: history.consent }, PeerHistory))).toBe(
      'access_denied',
    );
    b = await parties.desk('gateway-b');
    await expect.poll(() => refusal(ask()), soon).toBe('access_denied');
    const part = (await consentAt(b, parties)).parts.find(({ exchange }) => exchange === 'east');
    expect(part).toMatchObject({ kind: 'missing', problem: { code: 'access_denied' } });
  });

  it('past its time: directory_stale', async () => {
    await parties.network.stopNode('east');
    parties.clock.skewMs += 30 * 86_400_000;
    expect(await refusal(postEnvelope(parties))).toBe('directory_stale');
  });
});

it('answers problems as RFC 9457 says', async () => {
  const answer = await fetch(new URL('/api/inbox', parties.network.origins['gateway-a']));
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(z.object({ code: z.string(), status: z.number() }).parse(await answer.json()).status).toBe(answer.status);
});
