import type { Catalogue } from '#lib/i18n/catalogue.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long something took or has lasted, in its largest unit: 8 s, 12 min, 3 h, 2 d. Both by one clock, RFC 3339. */
export function formatAge(
  t: Pick<Catalogue['exchange'], 'seconds' | 'minutes' | 'hours' | 'days'>,
  from: string,
  to: string,
): string {
  const age = Math.max(0, Date.parse(to) - Date.parse(from));
  if (age < MINUTE_MS) return t.seconds(Math.floor(age / SECOND_MS));
  if (age < HOUR_MS) return t.minutes(Math.floor(age / MINUTE_MS));
  return age < DAY_MS ? t.hours(Math.floor(age / HOUR_MS)) : t.days(Math.floor(age / DAY_MS));
}
