import { encodeEraDate, findEraYear } from 'webusb-ccid/mynumber';
import { expect, it } from 'vitest';

const text = (date: string): string => new TextDecoder().decode(encodeEraDate(date));

it.each([
  ['1980-02-17', '550217'],
  ['2019-04-30', '310430'],
  ['2019-05-01', '010501'],
  ['1989-01-07', '640107'],
  ['1989-01-08', '010108'],
  ['1926-12-25', '011225'],
  ['1912-07-29', '450729'],
])('writes %s as %s', (date, digits) => {
  expect(text(date)).toBe(digits);
});

it('agrees with the calendar of the platform', () => {
  const calendar = new Intl.DateTimeFormat('en-u-ca-japanese', { year: 'numeric', era: 'long', timeZone: 'UTC' });
  for (let day = Date.UTC(1900, 0, 1); day < Date.UTC(2030, 0, 1); day += 86_400_000 * 11) {
    const parts = calendar.formatToParts(day);
    const part = (type: string): string => parts.find((item) => item.type === type)?.value ?? '';
    const { era, year } = findEraYear(new Date(day).toISOString().slice(0, 10));
    expect([era, year]).toEqual([
      part('era')
        .normalize('NFD')
        .replaceAll(/[^a-z]/gi, '')
        .toLowerCase(),
      Number(part('year')),
    ]);
  }
});

it.each(['1868-01-24', '1980-2-17', '19800217'])('refuses %s', (date) => {
  expect(() => findEraYear(date)).toThrow(RangeError);
});
