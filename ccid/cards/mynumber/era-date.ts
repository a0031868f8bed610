/** First day of each era and the Gregorian year that is its year 1, newest first. */
const ERAS = [
  { name: 'reiwa', from: '2019-05-01', firstYear: 2019 },
  { name: 'heisei', from: '1989-01-08', firstYear: 1989 },
  { name: 'showa', from: '1926-12-25', firstYear: 1926 },
  { name: 'taisho', from: '1912-07-30', firstYear: 1912 },
  { name: 'meiji', from: '1868-01-25', firstYear: 1868 },
] as const;

/** A year as the Japanese calendar counts it. */
export interface EraYear {
  readonly era: (typeof ERAS)[number]['name'];
  readonly year: number;
}

/**
 * The era and year of a day; an era changes in the middle of a year.
 *
 * @param date `YYYY-MM-DD`
 * @throws {RangeError} before 25 January 1868, or when the text is no date
 */
export function findEraYear(date: string): EraYear {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new RangeError('a date is YYYY-MM-DD');
  const era = ERAS.find(({ from }) => date >= from);
  if (!era) throw new RangeError('before the Meiji era');
  return { era: era.name, year: Number(date.slice(0, 4)) - era.firstYear + 1 };
}

/** Six digits, year of the era, month and day, as the surface application takes a birth date. */
export function encodeEraDate(date: string): Uint8Array<ArrayBuffer> {
  const year = String(findEraYear(date).year).padStart(2, '0');
  return new TextEncoder().encode(`${year}${date.slice(5, 7)}${date.slice(8, 10)}`);
}
