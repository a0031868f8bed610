import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { RecordList, RegisteredRecords } from '#api/contract/records-api.ts';
import { createId } from '#api/contract/ids.ts';
import type { Person } from '#api/contract/person.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { createFhirValidator } from '#api/records/fhir-validator.ts';
import { createRecordRoutes, RECORD_LIMIT_BYTES } from '#api/records/routes.ts';
import type { KnownVisit } from '#api/records/visit-book.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteRecordStore, recordsSchema } from '#api/storage/sqlite/records.ts';
import { createFaultyDatabase, WRITE_FAULTS } from '../parties/faults.ts';
import { NOW } from '../parties/parties.ts';
import { readVector } from '../../vectors.ts';

const fhir = createFhirValidator();
const subject = 's'.repeat(43);
const person: Person = { subject, name: '山田　花子', kana: 'ヤマダ　ハナコ', birthDate: '1950-02-03', sex: 'female' };
const visit: KnownVisit = { visitId: createId(), subject, person, presentedAt: NOW };
const unnamed: KnownVisit = { visitId: createId(), subject: null, person: null, presentedAt: NOW };

const patient = { resourceType: 'Patient', id: 'p', name: [{ text: '山田 花子' }] };
const bundleText = (name = '山田 花子') =>
  JSON.stringify({
    ...{ resourceType: 'Bundle', type: 'collection' },
    entry: [
      { resource: { ...patient, name: [{ text: name }] } },
      {
        resource: {
          ...{ resourceType: 'Observation', status: 'final', code: { text: 'ALB' }, valueQuantity: { value: 1 } },
        },
      },
    ],
  }).replace('"value":1', '"value":4.0');

function open() {
  const { database, fail } = createFaultyDatabase(openSqlite(':memory:', [recordsSchema]));
  const app = new Hono();
  answerProblems(app, () => {});
  const visits = {
    findVisit: (id: string) => Promise.resolve([visit, unnamed].find(({ visitId }) => visitId === id)),
    visitsOf: (wanted: string) => Promise.resolve([visit].filter((known) => known.subject === wanted)),
  };
  const readUses = () => Promise.resolve(new Map());
  app.route(
    '/',
    createRecordRoutes({ store: createSqliteRecordStore(database), visits, fhir, readUses, now: () => NOW }),
  );
  const post = (posting: object, bundle = bundleText()) => {
    const rest = JSON.stringify({ visitId: visit.visitId, kind: 'laboratory', ...posting });
    return app.request('/api/records', { method: 'POST', body: `${rest.slice(0, -1)},"bundle":${bundle}}` });
  };
  const refusal = async (posting: object, bundle?: string) => {
    const answer = await post(posting, bundle);
    return [answer.status, ((await answer.json()) as { code: string; detail: string }).code];
  };
  const list = async () => {
    const answer = await app.request(`/api/records?subject=${subject}`);
    const text = await answer.text();
    return { text, ...RecordList.parse(JSON.parse(text)) };
  };
  return { app, post, refusal, list, fail };
}

it('registers results for a visit and shows them with every digit', async () => {
  const { post, list } = open();
  const answer = await post({});
  expect(answer.status).toBe(201);
  const registered = RegisteredRecords.parse(await answer.json());
  expect(registered).toMatchObject({ visitId: visit.visitId, kind: 'laboratory', resources: 2 });
  const { documents, text } = await list();
  expect(documents).toMatchObject([{ id: registered.id, visitId: visit.visitId }]);
  expect(text).toContain(bundleText());
});

it('registers the same file once', async () => {
  const { post, list } = open();
  const first: unknown = await (await post({})).json();
  const second: unknown = await (await post({})).json();
  expect(second).toEqual(first);
  expect((await list()).documents).toHaveLength(1);
});

it.each(WRITE_FAULTS)('registers once by the next try when it was %s', async (fault) => {
  const { post, list, fail } = open();
  fail(fault);
  expect((await post({})).status).toBe(500);
  expect((await post({})).status).toBe(201);
  expect((await list()).documents).toHaveLength(1);
});

it('asks for confirmation when the file names another person, or nobody knows whose visit it was', async () => {
  const { post, refusal, list } = open();
  expect(await refusal({}, bundleText('山田 太郎'))).toEqual([409, 'conflict']);
  expect(await refusal({ visitId: unnamed.visitId })).toEqual([409, 'conflict']);
  expect((await list()).documents).toEqual([]);
  expect((await post({ confirmOtherName: true }, bundleText('山田 太郎'))).status).toBe(201);
  expect((await post({ visitId: unnamed.visitId, confirmOtherName: true })).status).toBe(201);
});

it.each([
  [400, 'malformed_request', { kind: 'gossip' }, undefined],
  [400, 'malformed_request', { visitId: '../1' }, undefined],
  [404, 'not_found', { visitId: createId() }, undefined],
  [400, 'malformed_request', {}, '[1]'],
  [400, 'malformed_request', {}, '{"a":01}'],
  [400, 'fhir_malformed', {}, '{}'],
  [400, 'fhir_malformed', {}, `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  [400, 'fhir_unsupported', { kind: 'referral' }, undefined],
  [400, 'fhir_reference_missing', {}, bundleText().replace('"code":', '"subject":{"reference":"Patient/q"},"code":')],
])('refuses with %i %s', async (status, code, posting, bundle) => {
  const { refusal, list } = open();
  expect(await refusal(posting, bundle)).toEqual([status, code]);
  expect((await list()).documents).toEqual([]);
});

it('refuses what is too large, and what is not text', async () => {
  const { app } = open();
  const codeOf = async (body: Uint8Array<ArrayBuffer>) => {
    const answer = await app.request('/api/records', { method: 'POST', body });
    return ((await answer.json()) as { code: string }).code;
  };
  expect(await codeOf(new Uint8Array(RECORD_LIMIT_BYTES + 1))).toBe('too_large');
  expect(await codeOf(Uint8Array.of(0xff, 0xfe))).toBe('malformed_request');
});

const results = readVector('fhir/clinical-core/Bundle-Bundle-CLINS-Observations-Example-01.json');
it.skipIf(!results)('keeps four results that share one identifier (skipped without the vector)', async () => {
  const { post, list } = open();
  const text = new TextDecoder().decode(results);
  const answer = await post({ confirmOtherName: true }, text);
  expect(await answer.json()).toMatchObject({ resources: 5 });
  const [document] = (await list()).documents;
  expect(document!.bundle).toEqual(JSON.parse(text));
});
