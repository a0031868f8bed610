import { expect, it } from 'vitest';
import type { PayerAnswer } from '#api/contract/payer-answer.ts';
import { Problem } from '#api/contract/problem.ts';
import { createSubject } from '#api/contract/subject.ts';
import { checkCoverage } from '#api/visits/coverage-check.ts';
import { NOW } from '../synthetic/shared-world.ts';

const federationKey = new Uint8Array(32).fill(3);
const subject = createSubject(federationKey, '0001');
const person = { name: '架空　花子', kana: '', birthDate: '1972-03-04', sex: 'female' } as const;
const answer: PayerAnswer = {
  ...{ personId: '0001', person, coverage: { status: 'ambiguous' }, answerHash: 'A'.repeat(43) },
  ...{ checkedAt: NOW, simulated: true },
};
const query = { certificate: new Uint8Array(), institution: 'sakura/1310000012', at: NOW, subject };
const check = (ask: () => Promise<PayerAnswer>) => checkCoverage(query, { ask, federationKey });

it('hands the answer on and keeps its result and hash', async () => {
  expect(await check(() => Promise.resolve(answer))).toEqual({
    person: { subject, ...person },
    view: { status: 'ambiguous' },
    summary: { status: 'ambiguous', checkedAt: NOW.toISOString(), answerHash: 'A'.repeat(43), simulated: true },
  });
});

const unchecked = {
  person: null,
  view: { status: 'unchecked' },
  summary: { status: 'unchecked', checkedAt: null, answerHash: null, simulated: false },
};

it('is unchecked when the payer cannot be reached', async () => {
  expect(await check(() => Promise.reject(new Problem('payer_unreachable', 'away')))).toEqual(unchecked);
});

it('is unchecked when the payer speaks of somebody else', async () => {
  expect(await check(() => Promise.resolve({ ...answer, personId: '0002' }))).toEqual(unchecked);
});

it('names nobody when the payer knows nobody', async () => {
  const nobody = { ...answer, personId: null, person: null, coverage: { status: 'not_found' } } as const;
  expect(await check(() => Promise.resolve(nobody))).toMatchObject({ person: null, view: { status: 'not_found' } });
});

it('fails when we do', async () => {
  await expect(check(() => Promise.reject(new RangeError('a defect')))).rejects.toThrow(RangeError);
});
