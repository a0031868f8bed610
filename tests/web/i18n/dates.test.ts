import { expect, it } from 'vitest';
import {
  ageOn,
  dayOf,
  formatDate,
  formatDateTime,
  formatEraDate,
  formatShortDate,
  formatTime,
} from '#lib/i18n/dates.ts';

it('writes dates as people here do', () => {
  expect(formatDate('2026-11-22', 'ja')).toBe('2026年11月22日（日）');
  expect(formatDate('2026-11-22', 'en')).toBe('22 Nov 2026 (Sun)');
  expect(formatShortDate('2026-11-22', 'ja')).toBe('11/22');
});

it.each([
  ['2026-11-22', '令和8年11月22日（日）'],
  ['2019-05-01', '令和元年5月1日（水）'],
  ['2019-04-30', '平成31年4月30日（火）'],
  ['1926-12-25', '昭和元年12月25日（土）'],
])('knows the era of %s', (date, expected) => {
  expect(formatEraDate(date)).toBe(expected);
});

it('takes days and hours from Japan, wherever the device is', () => {
  expect(formatDateTime('2026-11-22T15:30:00Z', 'ja')).toBe('2026年11月23日（月） 0:30');
  expect(formatTime('2026-11-22T00:05:00Z', 'en')).toBe('9:05');
  expect(dayOf(new Date('2026-11-22T15:00:00Z'))).toBe('2026-11-23');
});

it('shows what it cannot read as it came', () => {
  expect(formatDate('soon', 'ja')).toBe('soon');
});

it.each([
  ['1972-10-03', '2026-10-02', 53],
  ['1972-10-03', '2026-10-03', 54],
  ['2024-02-29', '2025-02-28', 0],
])('counts years: born %s, on %s', (birthDate, day, years) => {
  expect(ageOn(birthDate, day)).toBe(years);
});
