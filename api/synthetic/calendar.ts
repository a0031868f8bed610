/** A calendar day `YYYY-MM-DD` in Japan. */
export type Day = string;

const JAPAN_OFFSET_MS = 9 * 60 * 60 * 1000;

/** The day it is in Japan at an instant. */
export function dayInJapan(at: Date): Day {
  return new Date(at.getTime() + JAPAN_OFFSET_MS).toISOString().slice(0, 10);
}

/** The first instant of a day in Japan. */
export function startOfDay(day: Day): Date {
  return new Date(`${day}T00:00:00+09:00`);
}

/** The last second of a day in Japan, as certificates end. */
export function endOfDay(day: Day): Date {
  return new Date(`${day}T23:59:59+09:00`);
}

export function addDays(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The same day of another year; 29 February becomes 1 March where the year has none. */
export function addYears(day: Day, years: number): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().slice(0, 10);
}

/** Completed years of life. */
export function ageOn(day: Day, birthDate: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** The n-th birthday after a day: what the expiry of cards and their certificates counts by. */
export function birthdayAfter(day: Day, birthDate: Day, n: number): Day {
  const thisYear = addYears(birthDate, Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)));
  return addYears(thisYear, thisYear > day ? n - 1 : n);
}

const ERAS = [
  { start: '2019-05-01', firstYear: 2019 },
  { start: '1989-01-08', firstYear: 1989 },
  { start: '1926-12-25', firstYear: 1926 },
  { start: '1912-07-30', firstYear: 1912 },
  { start: '1868-10-23', firstYear: 1868 },
] as const;

/** Six digits YYMMDD with the year of the Japanese era, as keys printed on cards use them. */
export function eraDigits(day: Day): string {
  const era = ERAS.find(({ start }) => day >= start);
  if (!era) throw new RangeError('before the Meiji era');
  const year = String(Number(day.slice(0, 4)) - era.firstYear + 1).padStart(2, '0');
  return year + day.slice(5, 7) + day.slice(8, 10);
}
