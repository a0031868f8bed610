import { describe, expect, it } from 'vitest';
import { createWard } from '#api/beds/ward.ts';
import { createBedRoutes } from '#api/beds/routes.ts';
import { Bed, BedConfirmation, BedList } from '#api/contract/bed.ts';
import { createId, Subject } from '#api/contract/ids.ts';
import type { Person } from '#api/contract/person.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { bedsSchema, createSqliteBedStore } from '#api/storage/sqlite/beds.ts';
import { temporaryDatabase } from '../storage/temporary-file.ts';

const NOW = new Date('2026-11-20T03:00:00Z');
const person = (letter: string): Person => ({
  subject: Subject.parse(letter.repeat(43)),
  ...{ name: '野々山 美月', kana: 'ノノヤマ ミヅキ', birthDate: '1950-04-01', sex: 'female' },
});
const [hers, his, unknown] = [createId(), createId(), createId()];
const visits = new Map([
  [hers, { person: person('A') }],
  [his, { person: person('B') }],
  [unknown, { person: null }],
]);

function openWard() {
  const ward = createWard({
    store: createSqliteBedStore(temporaryDatabase([bedsSchema])),
    findVisit: (id) => Promise.resolve(visits.get(id)),
    now: () => NOW,
  });
  const app = createBedRoutes(ward);
  answerProblems(app, () => undefined);
  const send = (method: string, path: string, body?: unknown) =>
    app.request(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { ward, send };
}

describe('a ward', () => {
  it('is filled by taps, and a tap at a bed says whose card it was', async () => {
    const { send } = openWard();
    const bed = Bed.parse(await (await send('POST', '/api/beds', { ward: ' 3A ', name: '301' })).json());
    expect(bed).toMatchObject({ ward: '3A', person: null });
    const tap = async (visitId: string) =>
      BedConfirmation.parse(await (await send('POST', `/api/beds/${bed.id}/confirmations`, { visitId })).json());

    expect(await tap(hers)).toMatchObject({ outcome: 'empty', bed: { confirmedAt: null } });
    await send('PUT', `/api/beds/${bed.id}/occupant`, { visitId: hers, replacing: null });
    expect(await tap(hers)).toMatchObject({ outcome: 'same', bed: { confirmedAt: NOW.toISOString() } });
    expect(await tap(his)).toMatchObject({ outcome: 'other', person: { subject: 'B'.repeat(43) } });
    const { beds } = BedList.parse(await (await send('GET', '/api/beds')).json());
    expect(beds).toMatchObject([{ person: { subject: 'A'.repeat(43) }, since: NOW.toISOString() }]);
  });

  it('refuses a visit that nobody knows yet, an unknown bed, and what is no id', async () => {
    const { ward, send } = openWard();
    const bed = await ward.add({ ward: '3A', name: '301' });
    const statusOf = async (path: string, visitId: string) => (await send('POST', path, { visitId })).status;
    expect(await statusOf(`/api/beds/${bed.id}/confirmations`, unknown)).toBe(409);
    expect(await statusOf(`/api/beds/${bed.id}/confirmations`, createId())).toBe(404);
    expect(await statusOf(`/api/beds/${createId()}/confirmations`, hers)).toBe(404);
    expect(await statusOf('/api/beds/..%2Fvisits/confirmations', hers)).toBe(404);
    expect((await send('POST', '/api/beds', { ward: '', name: '301' })).status).toBe(400);
  });
});
