import { describe, expect, it } from 'vitest';
import { signBinding } from '#api/contract/binding.ts';
import { digestBase64Url, encodeBase64Url, encodeUtf8 } from '#api/contract/encoding.ts';
import type { HistoryView } from '#api/contract/histories-api.ts';
import type { SentRequest } from '#api/contract/share-requests-api.ts';
import type { VisitView } from '#api/contract/visits-api.ts';
import { createId } from '#api/contract/ids.ts';
import type { Person } from '#api/contract/person.ts';
import { assemblePresenceProof, encodePresenceSigningInput, type ConsentScope } from '#api/contract/presence-proof.ts';
import { ShareRequest } from '#api/contract/share-request.ts';
import { PatientChart } from '#lib/sharing/patient-chart.svelte.ts';
import { createNames } from '#lib/sharing/trusted-keys.ts';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import { createTestExchange, SUBJECT, type TestExchange } from '../timeline/exchange-fixture.ts';

const HERE = 'hoshi/2710000034';
const SAKURA = 'sakura/1310000012';
const UME = 'ume/1310000020';
const NOW = new Date('2026-11-23T01:00:00Z');
const SCOPE: ConsentScope = { recipient: HERE, kinds: ['laboratory'], expires: '2026-11-30T15:00:00.000Z' };
const hash32 = encodeBase64Url(new Uint8Array(32));

const person: Person = {
  subject: SUBJECT,
  name: '青木 はる',
  kana: 'アオキ ハル',
  birthDate: '1954-03-02',
  sex: 'female',
};
const visit = { visitId: createId(), person } as unknown as VisitView;

function namesOf(...exchanges: readonly TestExchange[]) {
  return createNames({
    institutions: [],
    exchanges: exchanges.map(({ id, key, trust }) => ({
      id,
      name: { ja: id, en: id },
      signingKeys: [EcPublicJwk.parse(key.publicJwk)],
      logKeys: trust.logKeys,
    })),
  });
}

/** A consent as a card would sign it, bound to a person by an exchange. */
async function consentOf(exchange: TestExchange, subject = SUBJECT, scope = SCOPE): Promise<HistoryView['consent']> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const pair = await crypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  );
  const { n = '', e = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const certHash = digestBase64Url(encodeUtf8(n));
  const input = encodePresenceSigningInput({
    version: 1,
    jti: createId(),
    iss: hash32,
    actorId: HERE,
    aud: exchange.id,
    iat: Math.floor(NOW.getTime() / 1000),
    purpose: 'history',
    scope,
    proofMethod: 'mynumber-tap',
    freshness: { kind: 'challenge', challenge: hash32 },
    certHash,
  });
  const signature = new Uint8Array(await crypto.subtle.sign(algorithm, pair.privateKey, input));
  const binding = await signBinding(
    {
      version: 1,
      iss: exchange.id,
      subject,
      certHash,
      cardKey: { kty: 'RSA', n, e },
      application: 'text-ap',
      enrolledAt: NOW.toISOString(),
    },
    exchange.key,
  );
  return { presence: assemblePresenceProof(input, signature), binding };
}

async function openChart() {
  const [west, east] = await Promise.all([createTestExchange('west'), createTestExchange('east')]);
  const parts = [
    { kind: 'records' as const, exchange: 'west', receipts: await west.issue([{ institution: HERE }]), checkpoint: '' },
    {
      kind: 'records' as const,
      exchange: 'east',
      receipts: await east.issue([{ institution: SAKURA }, { institution: UME }, { institution: SAKURA }]),
      checkpoint: '',
    },
  ];
  const chart = new PatientChart(visit, person, HERE);
  const names = namesOf(west, east);
  await chart.openHistory({ consent: await consentOf(west), person, parts }, names);
  return { chart, names, west, parts };
}

describe('a history', () => {
  it('opens with the consent of this very patient', async () => {
    const { chart } = await openChart();
    expect(chart.history?.scope).toEqual(SCOPE);
    expect(chart.history?.timeline.visits).toHaveLength(4);
  });

  it('stays closed when somebody else’s card consented, and keeps what was open', async () => {
    const { chart, names, west, parts } = await openChart();
    const before = chart.history;
    const consent = await consentOf(west, 'B'.repeat(42) + 'A');
    await expect(chart.openHistory({ consent, person: null, parts }, names)).rejects.toMatchObject({
      code: 'consent_wrong_person',
    });
    expect(chart.history).toBe(before);
  });

  it('stays closed when the binding is not signed by the exchange that it names', async () => {
    const { names, parts } = await openChart();
    const consent = await consentOf(await createTestExchange('west'));
    const chart = new PatientChart(visit, person, HERE);
    await expect(chart.openHistory({ consent, person, parts }, names)).rejects.toMatchObject({
      code: 'consent_invalid',
    });
    expect(chart.history).toBeUndefined();
  });
});

describe('picking', () => {
  it('makes one request for each hospital, none for this one', async () => {
    const { chart } = await openChart();
    chart.pickAll();
    expect(chart.pickedCount).toBe(3);
    const requests = chart.draftRequests(
      { purpose: 'treatment', kinds: ['laboratory'], requester: '星野' },
      createId,
      NOW,
    );
    expect(requests.map(({ to, visits }) => [to, visits.length])).toEqual([
      [SAKURA, 2],
      [UME, 1],
    ]);
    for (const request of requests) {
      expect(ShareRequest.safeParse(request).success).toBe(true);
      expect(request.from).toBe(HERE);
    }
  });

  it('forgets the visits of a hospital that was asked', async () => {
    const { chart } = await openChart();
    chart.pickAll();
    chart.dropPicksAt(SAKURA);
    expect(chart.selections.map(({ institution }) => institution)).toEqual([UME]);
    const [selection] = chart.selections;
    chart.toggle(selection?.visits[0]?.key ?? '');
    expect(chart.pickedCount).toBe(0);
  });

  it('asks for nothing after the consent ended', async () => {
    const { chart } = await openChart();
    chart.pickAll();
    const draft = () =>
      chart.draftRequests(
        { purpose: 'treatment', kinds: ['laboratory'], requester: 'x' },
        createId,
        new Date(SCOPE.expires),
      );
    expect(draft).toThrow(expect.objectContaining({ code: 'consent_expired' }) as Error);
  });
});

describe('documents', () => {
  const document = (id: string) => ({
    id,
    kind: 'laboratory' as const,
    visitId: visit.visitId,
    registeredAt: NOW.toISOString(),
    bundle: {},
  });
  const request = (change: Partial<SentRequest>): SentRequest => ({
    id: createId(),
    to: SAKURA,
    subject: SUBJECT,
    kinds: ['laboratory'],
    issuedAt: NOW.toISOString(),
    state: 'released',
    envelopeState: 'acknowledged',
    receipts: [],
    answeredAt: NOW.toISOString(),
    documents: [],
    refusal: null,
    basis: 'consent',
    withheld: [],
    dispensings: [],
    ...change,
  });

  it('say whose they are, and which arrived while the patient was open', () => {
    const chart = new PatientChart(visit, person, HERE);
    chart.keepOwn([document('own')]);
    chart.keepRequests([request({ documents: [document('before')] }), request({ subject: 'A'.repeat(43) })]);
    chart.keepRequests([request({ documents: [document('before')] }), request({ documents: [document('later')] })]);
    expect(chart.requests).toHaveLength(2);
    expect(chart.documents.map(({ institution, document }) => [institution, document.id])).toEqual([
      [HERE, 'own'],
      [SAKURA, 'before'],
      [SAKURA, 'later'],
    ]);
    expect(['own', 'before', 'later'].map((id) => chart.isNew(id))).toEqual([false, false, true]);
    expect(chart.documentCount(visit.visitId)).toBe(3);
  });
});
