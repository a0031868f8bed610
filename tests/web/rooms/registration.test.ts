import { expect, it } from 'vitest';
import type { RecordRegistration } from '#api/contract/records-api.ts';
import type { VisitView } from '#api/contract/visits-api.ts';
import { Problem } from '#api/contract/problem.ts';
import { isRecorded, newestPerPerson, splitByDay, type RecordedVisit } from '#lib/sharing/recent-visits.ts';
import { Registration } from '../../../web/routes/records/registration.svelte.ts';
import { sampleBundle, sampleObservation, samplePatient } from '../results/sample-bundle.ts';

const visitOf = (change: Partial<VisitView> = {}): RecordedVisit =>
  ({
    submissionId: '0190f000-0000-7000-8000-000000000001',
    visitId: '0190f000-0000-7000-8000-000000000002',
    state: 'recorded',
    presentedAt: '2026-11-23T01:00:00.000Z',
    receivedAt: '2026-11-23T01:00:00.000Z',
    acceptedAt: '2026-11-23T01:00:00.000Z',
    person: {
      subject: 'A'.repeat(43),
      name: '青木　はる',
      kana: 'アオキ　ハル',
      birthDate: '1954-03-02',
      sex: 'female',
    },
    coverage: { status: 'unchecked' },
    record: null,
    receipt: null,
    problem: null,
    documents: 0,
    ...change,
  }) as RecordedVisit;

const fileOf = (patient: Record<string, unknown> = {}) => ({
  name: 'results.json',
  text: () =>
    Promise.resolve(JSON.stringify(sampleBundle([samplePatient(patient), sampleObservation({ value: 4.1 })]))),
});

function createRegistration(answers: readonly (Problem | undefined)[] = []) {
  const posted: RecordRegistration[] = [];
  const queue = [...answers];
  const registration = new Registration(visitOf(), {
    registerRecords: (body) => {
      posted.push(body);
      const problem = queue.shift();
      if (problem) return Promise.reject(problem);
      return Promise.resolve({ ...body, id: 'x', registeredAt: '2026-11-23T01:00:00Z', resources: 2 });
    },
  });
  return { registration, posted };
}

it('registers a file that names the person of the visit, unchanged', async () => {
  const { registration, posted } = createRegistration();
  const file = fileOf();
  await registration.read(file);
  expect(registration.stage).toMatchObject({ kind: 'ready', name: 'results.json' });
  expect(posted).toEqual([]);
  await registration.register();
  expect(registration.stage).toMatchObject({ kind: 'done', answer: { resources: 2 } });
  expect(posted).toMatchObject([{ kind: 'laboratory', confirmOtherName: false }]);
  expect(JSON.stringify(posted[0]?.bundle)).toBe(await file.text());
});

it('asks before a file of another person leaves this device', async () => {
  const { registration, posted } = createRegistration();
  await registration.read(fileOf({ birthDate: '1960-01-01' }));
  expect([registration.needsConfirmation, registration.mayRegister]).toEqual([true, false]);
  await registration.register();
  expect(posted).toEqual([]);
  registration.confirm(true);
  await registration.register();
  expect(posted).toMatchObject([{ confirmOtherName: true }]);
});

it('asks when the server sees another person where we did not', async () => {
  const { registration, posted } = createRegistration([new Problem('conflict', 'another person')]);
  await registration.read(fileOf());
  await registration.register();
  expect(registration.stage).toMatchObject({ kind: 'ready' });
  expect([registration.needsConfirmation, registration.mayRegister]).toEqual([true, false]);
  registration.confirm(true);
  await registration.register();
  expect(posted.map(({ confirmOtherName }) => confirmOtherName)).toEqual([false, true]);
  expect(registration.stage.kind).toBe('done');
});

it('keeps the file and says why when the server refuses', async () => {
  const { registration } = createRegistration([new Problem('fhir_unsupported', 'Bundle.type')]);
  await registration.read(fileOf());
  await registration.register();
  expect(registration.stage).toMatchObject({ kind: 'ready', error: { code: 'fhir_unsupported' } });
  expect(registration.mayRegister).toBe(true);
});

it('refuses a file with its place, and forgets a confirmation with the file it was for', async () => {
  const { registration } = createRegistration();
  await registration.read(fileOf({ birthDate: '1960-01-01' }));
  registration.confirm(true);
  await registration.read({ name: 'x.json', text: () => Promise.resolve('{"resourceType":"Bundle"}') });
  expect(registration.stage).toMatchObject({ kind: 'refused', error: { element: 'Bundle.type' } });
  await registration.read(fileOf({ birthDate: '1960-01-01' }));
  expect(registration.mayRegister).toBe(false);
  await registration.read({ name: 'gone', text: () => Promise.reject(new DOMException('gone', 'NotFoundError')) });
  expect(registration.stage).toMatchObject({ kind: 'refused', error: { code: 'bundle_not_json' } });
});

it('parts visits by the day in Japan and leaves refused ones out', () => {
  const visits = [
    visitOf({ submissionId: 'today', presentedAt: '2026-11-22T15:00:00Z' }),
    visitOf({ submissionId: 'yesterday', presentedAt: '2026-11-22T14:59:59Z' }),
    visitOf({ submissionId: 'refused', state: 'refused' }),
  ];
  const { today, earlier } = splitByDay(visits, new Date('2026-11-23T03:00:00Z'));
  expect(today.map(({ submissionId }) => submissionId)).toEqual(['today']);
  expect(earlier.map(({ submissionId }) => submissionId)).toEqual(['yesterday']);
});

it('lists a person once, with the newest visit; those without a name each', () => {
  const visits = [
    visitOf({ submissionId: 'a', presentedAt: '2026-11-23T01:00:00Z' }),
    visitOf({ submissionId: 'b', presentedAt: '2026-11-23T02:00:00Z' }),
    visitOf({ submissionId: 'c', person: null }),
    visitOf({ submissionId: 'd', person: null }),
  ];
  expect(newestPerPerson(visits).map(({ submissionId }) => submissionId)).toEqual(['b', 'c', 'd']);
  expect(visits.map(isRecorded)).toEqual([true, true, false, false]);
});
