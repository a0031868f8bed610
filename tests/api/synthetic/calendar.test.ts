import { describe, expect, it } from 'vitest';
import {
  addDays,
  addYears,
  ageOn,
  birthdayAfter,
  dayInJapan,
  endOfDay,
  eraDigits,
  startOfDay,
} from '#api/synthetic/calendar.ts';

describe('days in Japan', () => {
  it('begin nine hours before those of Greenwich', () => {
    expect(dayInJapan(new Date('2026-11-20T14:59:59Z'))).toBe('2026-11-20');
    expect(dayInJapan(new Date('2026-11-20T15:00:00Z'))).toBe('2026-11-21');
    expect(startOfDay('2026-11-21')).toEqual(new Date('2026-11-20T15:00:00Z'));
    expect(endOfDay('2026-11-21')).toEqual(new Date('2026-11-21T14:59:59Z'));
  });

  it('add up over months, years and leap days', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
    expect(addYears('2024-02-29', 1)).toBe('2025-03-01');
  });

  it('count birthdays: a birthday on the day itself is not after it', () => {
    expect(ageOn('2026-11-20', '1972-11-20')).toBe(54);
    expect(ageOn('2026-11-19', '1972-11-20')).toBe(53);
    expect(birthdayAfter('2026-11-20', '1972-11-20', 1)).toBe('2027-11-20');
    expect(birthdayAfter('2025-10-27', '1980-02-17', 5)).toBe('2030-02-17');
  });

  it.each([
    ['2019-05-01', '010501'],
    ['2019-04-30', '310430'],
    ['1989-01-08', '010108'],
    ['1989-01-07', '640107'],
    ['1926-12-25', '011225'],
    ['1926-12-24', '151224'],
    ['1912-07-29', '450729'],
  ])('%s is %s in the year of its era', (day, digits) => {
    expect(eraDigits(day)).toBe(digits);
  });
});
