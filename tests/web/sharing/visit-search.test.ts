import { expect, it } from 'vitest';
import type { VisitSummary } from '#api/contract/visits-api.ts';
import { matchesVisit, VisitSearch } from '#lib/sharing/visit-search.ts';
import { visitAt } from './visit-summaries.ts';

const aoki = visitAt(0, {
  presentedAt: '2026-11-22T15:03:00Z',
  person: { subject: 'S'.repeat(43), name: '青木　春', kana: 'アオキ　ハル', birthDate: '1972-03-04', sex: 'female' },
});

it.each([
  '青木',
  '青木 春',
  'ｱｵｷ',
  'あおき',
  'アオキハル',
  '',
  '1972-03-04',
  '19720304',
  '00:03',
  '11/23 あおき',
  '００：０３',
])('finds a visit by %s', (typed) => {
  expect(matchesVisit(aoki, typed)).toBe(true);
});

it('finds a visit by its number, and one without a name by nothing but that and its time', () => {
  expect(matchesVisit(aoki, aoki.visitId.slice(-6))).toBe(true);
  expect(matchesVisit(aoki, '別人')).toBe(false);
  expect(matchesVisit(aoki, '青木 別人')).toBe(false);
  const unnamed = visitAt(1, { person: null });
  expect([matchesVisit(unnamed, '青木'), matchesVisit(unnamed, unnamed.visitId)]).toEqual([false, true]);
});

it('finds the same while somebody types, takes back, and while the list changes', () => {
  const visits: readonly VisitSummary[] = Array.from({ length: 500 }, (_, index) => visitAt(index));
  const search = new VisitSearch<VisitSummary>();
  const more = [...visits, aoki];
  for (const [list, typed] of [
    [visits, '架'],
    [visits, '架空 1'],
    [visits, '架空 12'],
    [visits, '架空'],
    [more, '架空'],
    [more, 'あ'],
    [more, 'あお'],
    [more, ''],
  ] as const) {
    expect(search.find(list, typed)).toEqual(list.filter((visit) => matchesVisit(visit, typed)));
  }
});
