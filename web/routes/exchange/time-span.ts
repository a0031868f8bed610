import type { Catalogue } from '#lib/i18n/catalogue.ts';
import { formatAge } from './age.ts';

/** A length of time in its largest unit: 4 h. */
export const formatSpan = (
  t: Pick<Catalogue['exchange'], 'seconds' | 'minutes' | 'hours' | 'days'>,
  ms: number,
): string => formatAge(t, new Date(0).toISOString(), new Date(Math.max(0, ms)).toISOString());
