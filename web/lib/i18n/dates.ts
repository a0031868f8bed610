import type { Language } from './language.ts';

const ZONE = 'Asia/Tokyo';
const CALENDAR_DATE = /^\d{4}-\d{2}-\d{2}$/;

const formats = new Map<string, Intl.DateTimeFormat>();

/** A calendar date has no time zone: noon in Japan keeps it on its day. */
const toMoment = (value: string) => new Date(CALENDAR_DATE.test(value) ? `${value}T12:00:00+09:00` : value);

const isReadable = (value: string) => !Number.isNaN(toMoment(value).getTime());

function format(value: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  if (!isReadable(value)) return value;
  const key = `${locale} ${JSON.stringify(options)}`;
  let formatter = formats.get(key);
  if (!formatter) formats.set(key, (formatter = new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options })));
  return formatter.format(toMoment(value));
}

const LOCALE: Readonly<Record<Language, string>> = { ja: 'ja-JP', en: 'en-GB' };

/** 2026年11月22日（日）, or 22 Nov 2026 (Sun). Days are days in Japan, where the visit was. */
export function formatDate(value: string, language: Language): string {
  if (!isReadable(value)) return value;
  const day = format(value, LOCALE[language], {
    year: 'numeric',
    month: language === 'ja' ? 'long' : 'short',
    day: 'numeric',
  });
  const weekday = format(value, LOCALE[language], { weekday: 'short' });
  return language === 'ja' ? `${day}（${weekday}）` : `${day} (${weekday})`;
}

/** 9:05, twenty-four hours, time in Japan. */
export function formatTime(value: string, language: Language): string {
  return format(value, LOCALE[language], { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
}

export function formatDateTime(value: string, language: Language): string {
  return isReadable(value) ? `${formatDate(value, language)} ${formatTime(value, language)}` : value;
}

/** 令和8年11月22日（日）: the era calendar reads the same in both languages. */
export function formatEraDate(value: string): string {
  if (!isReadable(value)) return value;
  const day = format(value, 'ja-JP-u-ca-japanese', { era: 'long', year: 'numeric', month: 'long', day: 'numeric' });
  return `${day}（${format(value, 'ja-JP', { weekday: 'short' })}）`;
}

/** 11/22, for narrow columns and axes. */
export function formatShortDate(value: string, language: Language): string {
  return format(value, LOCALE[language], { month: 'numeric', day: 'numeric' });
}

/** `YYYY-MM-DD` of a moment in Japan. */
export function dayOf(moment: Date): string {
  return format(moment.toISOString(), 'sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit' });
}

/** Whole years on a day; both are calendar dates. */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
