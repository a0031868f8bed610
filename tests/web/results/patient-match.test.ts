import { expect, it } from 'vitest';
import type { Person } from '#api/contract/person.ts';
import type { Patient } from '#lib/results/fhir.ts';
import { parseStatedTime } from '#lib/results/fhir-time.ts';
import { normaliseName, normaliseText } from '#lib/results/normal-text.ts';
import { matchPatient } from '#lib/results/patient-match.ts';

const person: Person = {
  subject: 'A'.repeat(43),
  name: '髙橋 はる',
  kana: 'タカハシ ハル',
  birthDate: '1954-03-02',
  sex: 'female',
};
const patient = (extra: Partial<Patient>): Patient => ({ resourceType: 'Patient', ...extra });

it.each<[string, Partial<Patient>, readonly string[]]>([
  ['agrees in kanji', { name: [{ family: '髙橋', given: ['はる'] }] }, []],
  ['agrees in half-width kana', { name: [{ text: 'ﾀｶﾊｼ ﾊﾙ' }] }, []],
  ['agrees in hiragana', { name: [{ text: '別 人' }, { text: 'たかはし　はる' }] }, []],
  ['says nothing', {}, []],
  ['states a year only', { birthDate: '1954' }, []],
  [
    'is somebody else',
    { name: [{ text: '青木 はる' }], birthDate: '1954-03-20', gender: 'male' },
    ['name', 'birth_date', 'sex'],
  ],
])('a patient who %s', (_, extra, differences) => {
  expect(matchPatient(patient(extra), person).differences).toEqual(differences);
});

it('shows the name as the file writes it', () => {
  expect(matchPatient(patient({ name: [{ text: 'ﾀｶﾊｼ ﾊﾙ' }] }), person).statedName).toBe('ﾀｶﾊｼ ﾊﾙ');
});

it('folds widths, radicals and dashes for comparing', () => {
  expect(normaliseText('１８７：尿蛋⽩　―')).toBe('187:尿蛋白 -');
  expect(normaliseName('さくら　花子')).toBe('サクラ花子');
});

it.each([
  ['2026', 'year', '2025-12-31T15:00:00.000Z'],
  ['2026-11', 'month', '2026-10-31T15:00:00.000Z'],
  ['2026-11-22', 'day', '2026-11-21T15:00:00.000Z'],
  ['2026-11-22T09:30:00+09:00', 'time', '2026-11-22T00:30:00.000Z'],
])('reads %s as a %s', (text, precision, at) => {
  const time = parseStatedTime(text);
  expect(time?.precision).toBe(precision);
  expect(new Date(time?.at ?? NaN).toISOString()).toBe(at);
});

it('refuses a day that no calendar has', () => {
  expect(parseStatedTime('2026-02-30')).toBeUndefined();
});
