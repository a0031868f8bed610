import type { InstitutionId } from '#api/contract/ids.ts';
import type { ConsentScope } from '#api/contract/presence-proof.ts';
import type { RecordKind } from '#api/contract/record-kind.ts';

/** How long a patient can let a consent last. */
export const CONSENT_PERIODS = ['today', 'week', 'month'] as const;
export type ConsentPeriod = (typeof CONSENT_PERIODS)[number];

const DAYS: Readonly<Record<ConsentPeriod, number>> = { today: 1, week: 7, month: 30 };
const DAY_MS = 24 * 60 * 60 * 1000;
const JAPAN_OFFSET_MS = 9 * 60 * 60 * 1000;

/** What the card will sign: the end is midnight in Japan, so that a day means the day people mean. */
export function createConsentScope(
  choice: { readonly recipient: InstitutionId; readonly kinds: readonly RecordKind[]; readonly period: ConsentPeriod },
  now: Date,
): ConsentScope {
  const { recipient, kinds, period } = choice;
  return { recipient, kinds, expires: endOfPeriod(period, now).toISOString() };
}

/** The last instant of the period is one millisecond before this. */
export function endOfPeriod(period: ConsentPeriod, now: Date): Date {
  const today = Math.floor((now.getTime() + JAPAN_OFFSET_MS) / DAY_MS);
  return new Date((today + DAYS[period]) * DAY_MS - JAPAN_OFFSET_MS);
}
