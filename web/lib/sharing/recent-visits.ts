import type { VisitView } from '#api/contract/gateway-api.ts';
import type { Person } from '#api/contract/person.ts';
import { dayOf } from '#lib/i18n/dates.ts';
import { normaliseName } from '#lib/results/normal-text.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How far back a visit can be chosen without searching for it elsewhere. */
export const RECENT_DAYS = 14;

/** From when recent visits are asked for, RFC 3339. */
export const recentSince = (now: Date): string => new Date(now.getTime() - RECENT_DAYS * DAY_MS).toISOString();

/** A visit that can be worked with: the exchange recorded it, so that its person is known. */
export interface RecordedVisit extends VisitView {
  readonly person: Person;
}

export const isRecorded = (visit: VisitView): visit is RecordedVisit =>
  visit.state === 'recorded' && visit.person !== null;

/** Visits of today apart from those before; refused ones are nobody's visits. */
export function splitByDay(
  visits: readonly VisitView[],
  now: Date,
): { readonly today: readonly VisitView[]; readonly earlier: readonly VisitView[] } {
  const day = dayOf(now);
  const shown = visits.filter(({ state }) => state !== 'refused');
  const isToday = ({ presentedAt }: VisitView) => dayOf(new Date(presentedAt)) === day;
  return { today: shown.filter(isToday), earlier: shown.filter((visit) => !isToday(visit)) };
}

/** The newest visit of each person; visits without a name stay, as nobody knows whose they are. */
export function newestPerPerson(visits: readonly VisitView[]): readonly VisitView[] {
  const newest = new Map<string, VisitView>();
  for (const visit of visits) {
    const key = visit.person?.subject ?? visit.submissionId;
    const other = newest.get(key);
    if (!other || Date.parse(visit.presentedAt) > Date.parse(other.presentedAt)) newest.set(key, visit);
  }
  return visits.filter((visit) => newest.get(visit.person?.subject ?? visit.submissionId) === visit);
}

/** Whether a visit's name or kana holds what was typed, in whatever width or kana. */
export function matchesName({ person }: VisitView, typed: string): boolean {
  const wanted = normaliseName(typed);
  if (wanted === '') return true;
  return person !== null && [person.name, person.kana].some((name) => normaliseName(name).includes(wanted));
}
