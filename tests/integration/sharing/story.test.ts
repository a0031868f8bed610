import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HeadlessTerminal } from '#api/demo/headless-terminal.ts';
import { readExchangeStatus } from '#api/demo/operator.ts';
import type { DemoNetwork } from '#api/demo/network.ts';
import { verifyConsent } from '#api/contract/consent.ts';
import { findAmong } from '#api/contract/keys-by-thumbprint.ts';
import { HistoryView } from '#api/contract/histories-api.ts';
import { Inbox, InboxRequest } from '#api/contract/inbox-api.ts';
import { InstitutionList } from '#api/contract/institutions-api.ts';
import { RecordList, RegisteredRecords } from '#api/contract/records-api.ts';
import { RELEASE_CHECKS_OF } from '#api/contract/release-checks.ts';
import { SendLog } from '#api/contract/send-log-api.ts';
import { SentRequest } from '#api/contract/share-requests-api.ts';
import { VisitView } from '#api/contract/visits-api.ts';
import { AccessLogView, readAccessEvent, type AccessPart } from '#api/contract/access-event.ts';
import { createEmergencyRequest } from '#api/contract/share-request-draft.ts';
import { createId } from '#api/contract/ids.ts';
import { verifyDelivery } from '#api/contract/release.ts';
import { readVisitRecord } from '#api/contract/visit-record.ts';
import { createLabBundle } from '#api/synthetic/laboratory/lab-bundle.ts';
import { fullName } from '#api/synthetic/people/person.ts';
import { WORLD_TIMEOUT_MS } from '../../api/synthetic/shared-world.ts';
import { openTwoHospitals } from '../two-hospitals.ts';
import { draftRequest, signRequest } from './doctor.ts';

let hospitals: Awaited<ReturnType<typeof openTwoHospitals>>;
let network: DemoNetwork;
let a: HeadlessTerminal;
let b: HeadlessTerminal;
const now = () => new Date();

beforeAll(async () => {
  hospitals = await openTwoHospitals();
  ({ network, a, b } = hospitals);
}, WORLD_TIMEOUT_MS);

afterAll(() => hospitals?.close());

const cardOf = (person: number) => hospitals.cardOf(person);

async function until<T>(look: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (isThere(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const visit = async (terminal: HeadlessTerminal, person: number): Promise<VisitView> =>
  terminal.post('/api/visits', await terminal.tap(cardOf(person)), VisitView);

const consentAtB = async (person: number): Promise<HistoryView> => {
  const scope = {
    recipient: b.status.institution.id,
    kinds: ['laboratory'] as const,
    expires: new Date(Date.now() + 86_400_000).toISOString(),
  };
  return b.post('/api/histories', await b.tap(cardOf(person), { purpose: 'history', scope }), HistoryView);
};

const receiptsOf = ({ parts }: HistoryView, exchange: string) => {
  const part = parts.find((candidate) => candidate.exchange === exchange);
  return part?.kind === 'records' ? part.receipts : [];
};

/** A server's database with its write-ahead log. */
const databaseFiles = (name: string): readonly Buffer[] =>
  readdirSync(join(hospitals.dataDirectory, 'database'))
    .filter((file) => file.startsWith(name))
    .map((file) => readFileSync(join(hospitals.dataDirectory, 'database', file)));

/** Whether any of the files holds a text: as it is, or inside base64url at any of the three alignments. */
function isIn(files: readonly Buffer[], text: string): boolean {
  const bytes = Buffer.from(text);
  const encoded = [0, 1, 2].map((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url');
    const first = Math.ceil((shift * 8) / 6);
    return shifted.slice(first, Math.floor(((shift + bytes.length) * 8) / 6));
  });
  return files.some((content) => [text, ...encoded].some((form) => content.includes(form)));
}

it('brings results from A to B through two exchanges that cannot read them', async () => {
  const { world, origins } = network;
  const patient = world.people[0]!;
  const [doctor] = world.cards.hpki;

  // 1, 3: the visit at A and its results.
  const visitA = await visit(a, 0);
  const bundle = createLabBundle(patient, { institution: world.institutions.a, dates: ['2026-05-11', '2026-11-02'] });
  const registration = { visitId: visitA.visitId, kind: 'laboratory', bundle };
  const registered = await a.post('/api/records', registration, RegisteredRecords);
  expect(registered.resources).toBe(bundle.entry.length);
  expect(await a.post('/api/records', registration, RegisteredRecords)).toEqual(registered);

  // 4, 5: the visit at B, consent, the history of both exchanges.
  await visit(b, 0);
  const history = await consentAtB(0);
  expect(history.parts.map(({ kind, exchange }) => [exchange, kind])).toEqual([
    ['west', 'records'],
    ['east', 'records'],
  ]);
  const [atA] = receiptsOf(history, 'east');
  expect(readVisitRecord(atA!.record).id).toBe(visitA.visitId);
  expect(receiptsOf(history, 'west')).toHaveLength(1);
  expect(history.parts.map((part) => part.kind === 'records' && part.timeline !== undefined)).toEqual([true, true]);
  expect(history.person?.name).toBe(visitA.person?.name);

  // 6: the request.
  const asked = {
    ...{ id: createId(), from: b.status.institution.id, to: a.status.institution.id, consent: history.consent },
    ...{ visits: [atA!.record], kinds: ['laboratory'] as const, reason: '術前の評価' },
  };
  const request = await signRequest(draftRequest(asked, now()), doctor!);
  const sent = await b.post('/api/share-requests', { request }, SentRequest);
  expect(sent).toMatchObject({ id: asked.id, state: 'sent', to: asked.to });
  expect((await b.post('/api/share-requests', { request }, SentRequest)).id).toBe(asked.id);

  // 7: A sees every check, releases; B has the results, A the send log and the delivery receipt.
  const { requests } = await until(
    () => a.get('/api/inbox', Inbox),
    (inbox) => inbox.requests.length > 0,
  );
  expect(requests).toHaveLength(1);
  const [arrived] = requests;
  expect(arrived!.checks).toEqual(RELEASE_CHECKS_OF.consent.map((check) => ({ check, ok: true, problem: null })));
  expect(arrived).toMatchObject({ state: 'open', reason: '術前の評価', doctor: { role: 'Medical Doctor' } });
  expect(arrived!.person?.name).toBe(visitA.person?.name);
  expect(arrived!.visits).toEqual([
    { visitId: visitA.visitId, presentedAt: readVisitRecord(atA!.record).presentedAt, documents: 1 },
  ]);
  await until(
    () => b.get(`/api/share-requests/${asked.id}`, SentRequest),
    ({ state }) => state === 'waiting',
  );

  const released = await a.post(`/api/inbox/${asked.id}/release`, undefined, InboxRequest);
  expect(released.state).toBe('released');
  const answered = await until(
    () => b.get(`/api/share-requests/${asked.id}`, SentRequest),
    ({ state }) => state === 'released',
  );
  expect(answered.documents.map((document) => document.bundle)).toEqual([JSON.parse(JSON.stringify(bundle))]);
  expect(answered.documents[0]!.id).toBe(registered.id);

  const { entries } = await until(
    () => a.get('/api/send-log', SendLog),
    (log) => log.entries[0]?.deliveryReceipt !== null && log.entries[0]?.envelopeState === 'acknowledged',
  );
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ requestId: asked.id, to: asked.from, documents: 1, kinds: ['laboratory'] });

  // The delivery receipt is B's word, by the key in the directory.
  const westDirectory = (await (await fetch(`${origins.west}/api/directories`)).json()) as { own: string };
  const signingKeys = (
    JSON.parse(Buffer.from(westDirectory.own.split('.')[1]!, 'base64url').toString()) as {
      institutions: { signingKeys: object[] }[];
    }
  ).institutions[0]!.signingKeys;
  const receipt = await verifyDelivery(entries[0]!.deliveryReceipt!, findAmong(signingKeys));
  expect(receipt).toMatchObject({ from: asked.from, to: asked.to, releaseId: entries[0]!.releaseId });

  // The consent that travelled can be verified by anyone with the directories.
  const list = await b.get('/api/directory', InstitutionList);
  const keysOf = (id: string) => findAmong(list.exchanges.find((exchange) => exchange.id === id)?.signingKeys ?? []);
  await verifyConsent(history.consent, {
    ...{ exchangeKeys: keysOf, recipient: asked.from, kinds: ['laboratory'], at: now() },
  });

  // Both exchanges say how far the envelopes are, and neither holds anything that could be read.
  for (const exchange of ['east', 'west'] as const) {
    const status = await until(
      () => readExchangeStatus({ ...network, fetch, now }, exchange),
      ({ envelopes }) => envelopes.length === 3 && envelopes.every(({ state }) => state === 'acknowledged'),
    );
    expect(status.envelopes.map(({ kind }) => kind).sort()).toEqual(['delivery-receipt', 'release', 'share-request']);
  }
  const codes = bundle.entry.flatMap(({ resource }) =>
    'code' in resource ? resource.code.coding.map(({ code }) => code) : [],
  );
  const { kanji, kana } = patient.name.family;
  const needles = [...new Set(['術前の評価', '"resourceType"', fullName(patient), kanji, kana, ...codes])];
  expect(needles.length).toBeGreaterThan(5);
  for (const exchange of ['east', 'west']) {
    const files = databaseFiles(exchange);
    expect(files.length).toBeGreaterThan(0);
    for (const needle of needles) expect(isIn(files, needle), `${exchange} holds ${needle}`).toBe(false);
  }
  // The same search finds them where they belong, so it would have found them elsewhere.
  for (const needle of ['"resourceType"', kanji, codes[0]!])
    expect(isIn(databaseFiles('gateway-a'), needle)).toBe(true);
  expect(isIn([Buffer.from(Buffer.from(`x${kanji}x`).toString('base64url'))], kanji)).toBe(true);
}, 60_000);

it('lists what A registered, by person', async () => {
  const visitA = await visit(a, 1);
  const subject = visitA.person!.subject;
  const bundle = createLabBundle(network.world.people[1]!, {
    ...{ institution: network.world.institutions.a, dates: ['2026-11-02'] },
  });
  await a.post('/api/records', { visitId: visitA.visitId, kind: 'laboratory', bundle }, RegisteredRecords);
  const list = await a.get(`/api/records?subject=${subject}`, RecordList);
  expect(list.documents.map(({ visitId }) => visitId)).toEqual([visitA.visitId]);
  const other = createLabBundle(network.world.people[2]!, {
    ...{ institution: network.world.institutions.a, dates: ['2026-11-02'] },
  });
  const posting = { visitId: visitA.visitId, kind: 'laboratory', bundle: other };
  await expect(a.post('/api/records', posting, RegisteredRecords)).rejects.toMatchObject({ code: 'conflict' });
  await a.post('/api/records', { ...posting, confirmOtherName: true }, RegisteredRecords);
});

it('names the exchange whose part is missing', async () => {
  await visit(b, 3);
  await network.stopNode('east');
  try {
    const { parts } = await consentAtB(3);
    expect(parts[0]).toMatchObject({ kind: 'records', exchange: 'west' });
    expect(parts[1]).toMatchObject({ kind: 'missing', exchange: 'east', problem: { code: 'exchange_unreachable' } });
  } finally {
    await network.startNode('east');
  }
});

it('refuses, with the check that failed, a request by someone without the doctor’s role', async () => {
  const visitA = await visit(a, 4);
  const history = await consentAtB(4);
  const asked = {
    ...{ id: createId(), from: b.status.institution.id, to: a.status.institution.id, consent: history.consent },
    ...{ visits: [visitA.record!], kinds: ['laboratory'] as const },
  };
  const nurse = network.world.cards.hpki[3]!;
  const request = await signRequest(draftRequest(asked, now()), nurse);
  await expect(b.post('/api/share-requests', { request }, SentRequest)).rejects.toMatchObject({
    code: 'hpki_role_not_allowed',
  });
});

it('carries a person’s refusal back with their note', async () => {
  const visitA = await visit(a, 5);
  const history = await consentAtB(5);
  const asked = {
    ...{ id: createId(), from: b.status.institution.id, to: a.status.institution.id, consent: history.consent },
    ...{ visits: [visitA.record!], kinds: ['laboratory'] as const },
  };
  const request = await signRequest(draftRequest(asked, now()), network.world.cards.hpki[0]!);
  await b.post('/api/share-requests', { request }, SentRequest);
  await until(
    () => a.get('/api/inbox', Inbox),
    ({ requests }) => requests.some(({ id }) => id === asked.id),
  );
  await expect(a.post(`/api/inbox/${asked.id}/release`, undefined, InboxRequest)).rejects.toMatchObject({
    code: 'nothing_to_release',
  });
  await a.post(`/api/inbox/${asked.id}/refusal`, { note: '電話で相談済み' }, InboxRequest);
  await expect(a.post(`/api/inbox/${asked.id}/release`, undefined, InboxRequest)).rejects.toMatchObject({
    code: 'request_already_answered',
  });
  const refused = await until(
    () => b.get(`/api/share-requests/${asked.id}`, SentRequest),
    ({ state }) => state === 'refused',
  );
  expect(refused.refusal).toEqual({ reason: 'refused_by_person', note: '電話で相談済み' });
});

const AuditBundle = z.object({
  entry: z.array(z.object({ resource: z.object({ resourceType: z.literal('AuditEvent') }) })),
});

const entriesOf = (parts: readonly AccessPart[]) =>
  parts.flatMap((part) =>
    part.kind === 'entries' ? part.entries.map((entry) => ({ ...entry, at: part.exchange })) : [],
  );
const eventsOf = ({ parts }: AccessLogView) =>
  entriesOf(parts).flatMap((entry) =>
    entry.kind === 'event' ? [{ ...readAccessEvent(entry.event), exchange: entry.at, receipt: entry.receipt }] : [],
  );
const readLog = async (terminal: HeadlessTerminal, person: number) =>
  terminal.post('/api/access-logs', await terminal.tap(cardOf(person), { purpose: 'access-log' }), AccessLogView);

it('lets a patient withdraw a consent where it was given, and A refuses what has not left', async () => {
  const visitA = await visit(a, 6);
  const history = await consentAtB(6);
  const asked = {
    ...{ id: createId(), from: b.status.institution.id, to: a.status.institution.id, consent: history.consent },
    ...{ visits: [visitA.record!], kinds: ['laboratory'] as const },
  };
  const request = await signRequest(draftRequest(asked, now()), network.world.cards.hpki[0]!);
  await b.post('/api/share-requests', { request }, SentRequest);
  await until(
    () => a.get('/api/inbox', Inbox),
    ({ requests }) => requests.some(({ id }) => id === asked.id),
  );
  const tap = await b.tap(cardOf(6), { purpose: 'withdrawal', withdraws: {} });
  const log = await b.post('/api/withdrawals', tap, AccessLogView);
  expect(log.parts.map(({ kind, exchange }) => [kind, exchange])).toEqual([
    ['entries', 'west'],
    ['entries', 'east'],
  ]);
  await expect(a.post(`/api/inbox/${asked.id}/release`, undefined, InboxRequest)).rejects.toMatchObject({
    code: 'consent_withdrawn',
  });
  const again = await b.post('/api/withdrawals', tap, AccessLogView);
  expect(again.subject).toBe(log.subject);
});

it('shows a patient at B what A did with their data, from both exchanges and with proof', async () => {
  const visitA = await visit(a, 5);
  const visitB = await visit(b, 5);
  const draft = createEmergencyRequest(
    {
      ...{ id: createId(), from: b.status.institution.id, to: a.status.institution.id, kinds: ['laboratory'] },
      ...{ requester: '医師', reason: '意識がない', attendance: visitB.record! },
    },
    now(),
  );
  const request = await signRequest(draft, network.world.cards.hpki[0]!);
  await b.post('/api/share-requests', { request }, SentRequest);
  const { requests } = await until(
    () => a.get('/api/inbox', Inbox),
    (inbox) => inbox.requests.some(({ id }) => id === draft.id),
  );
  expect(requests.find(({ id }) => id === draft.id)).toMatchObject({
    basis: 'emergency',
    alarm: { acknowledgedAt: null },
  });
  await a.post(`/api/inbox/${draft.id}/alarm`, { name: '医事課 一郎' }, InboxRequest);
  await a.post(`/api/inbox/${draft.id}/refusal`, {}, InboxRequest);
  const log = await until(
    () => readLog(b, 5),
    (view) => eventsOf(view).filter(({ requestId, receipt }) => requestId === draft.id && receipt).length === 2,
  );
  expect(log.person?.name).toBe(visitA.person?.name);
  expect(eventsOf(log).filter(({ requestId }) => requestId === draft.id)).toMatchObject([
    { action: 'emergency_asked', exchange: 'east', basis: 'emergency', doctor: { role: 'Medical Doctor' } },
    { action: 'refused', exchange: 'east', refusal: 'refused_by_person' },
  ]);
  const audit = await a.get('/api/send-log/audit-events', AuditBundle);
  expect(audit.entry.length).toBeGreaterThan(1);
  const status = await readExchangeStatus(
    { dataDirectory: hospitals.dataDirectory, origins: network.origins, fetch, now },
    'east',
  );
  expect(status.emergencies?.count).toBe(1);
  expect(JSON.stringify(status)).not.toContain('意識がない');
});
