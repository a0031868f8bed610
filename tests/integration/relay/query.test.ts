import { afterAll, beforeAll, expect, it } from 'vitest';
import { AccessLogView, readAccessEvent } from '#api/contract/access-event.ts';
import { HistoryView } from '#api/contract/histories-api.ts';
import { RegisteredRecords } from '#api/contract/records-api.ts';
import { VisitView } from '#api/contract/visits-api.ts';
import { DeadLetters } from '#api/contract/relay-api.ts';
import { ResultsQueryAnswer } from '#api/contract/results-query.ts';
import type { HeadlessTerminal } from '#api/demo/headless-terminal.ts';
import type { DemoNetwork } from '#api/demo/network.ts';
import { createLabBundle } from '#api/synthetic/laboratory/lab-bundle.ts';
import { WORLD_TIMEOUT_MS } from '../../api/synthetic/shared-world.ts';
import { openTwoHospitals } from '../two-hospitals.ts';

const PERSON = 0;
let hospitals: Awaited<ReturnType<typeof openTwoHospitals>>;
let network: DemoNetwork;
let a: HeadlessTerminal;
let b: HeadlessTerminal;

beforeAll(async () => {
  hospitals = await openTwoHospitals();
  ({ network, a, b } = hospitals);
}, WORLD_TIMEOUT_MS);

afterAll(() => hospitals?.close());

const card = () => hospitals.cardOf(PERSON);

it('asks another institution what there is while the doctor waits, and the patient can see that', async () => {
  const visit = await a.post('/api/visits', await a.tap(card()), VisitView);
  const { people, institutions } = network.world;
  const bundle = createLabBundle(people[PERSON]!, { institution: institutions.a, dates: ['2026-11-02'] });
  const registration = { visitId: visit.visitId, kind: 'laboratory', bundle };
  await a.post('/api/records', registration, RegisteredRecords);
  const scope = {
    recipient: b.status.institution.id,
    kinds: ['laboratory'] as const,
    expires: new Date(Date.now() + 86_400_000).toISOString(),
  };
  const tap = await b.tap(card(), { purpose: 'history', scope });
  const { consent } = await b.post('/api/histories', tap, HistoryView);

  const to = a.status.institution.id;
  const asked = await b.post('/api/queries', { to, consent, kinds: ['laboratory'] }, ResultsQueryAnswer);
  expect(asked.answer).toMatchObject({
    from: to,
    results: [{ visitId: visit.visitId, kind: 'laboratory', documents: 1 }],
  });

  const other = b.post('/api/queries', { to, consent, kinds: ['referral'] }, ResultsQueryAnswer);
  await expect(other).rejects.toMatchObject({ code: 'consent_wrong_scope' });
  const forged = { ...consent, presence: consent.presence.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) };
  const untrue = b.post('/api/queries', { to, consent: forged, kinds: ['laboratory'] }, ResultsQueryAnswer);
  await expect(untrue).rejects.toMatchObject({ code: 'consent_invalid' });
  const nobody = b.post(
    '/api/queries',
    { to: 'nowhere/1310000012', consent, kinds: ['laboratory'] },
    ResultsQueryAnswer,
  );
  await expect(nobody).rejects.toMatchObject({ code: 'recipient_unknown' });

  const log = await b.post('/api/access-logs', await b.tap(card(), { purpose: 'access-log' }), AccessLogView);
  const events = log.parts.flatMap((part) => (part.kind === 'entries' ? part.entries : []));
  const queried = events
    .flatMap((entry) => (entry.kind === 'event' ? [{ ...readAccessEvent(entry.event), receipt: entry.receipt }] : []))
    .filter(({ action }) => action === 'queried');
  expect(queried).toMatchObject([{ iss: to, to: b.status.institution.id, transcript: asked.transcript, documents: 1 }]);
  expect(queried[0]?.receipt).not.toBeNull();
  expect(await b.get('/api/dead-letters', DeadLetters)).toEqual({ letters: [] });
});
