import { expect, it } from 'vitest';
import { exchange as words } from '../../../web/lib/i18n/en/exchange.ts';
import { formatSpan } from '../../../web/routes/exchange/time-span.ts';

it('says a length of time in its largest unit, and none that is negative', () => {
  expect(formatSpan(words, 4 * 60 * 60 * 1000)).toBe('4 h');
  expect(formatSpan(words, 59_000)).toBe('59 s');
  expect(formatSpan(words, -5)).toBe('0 s');
});
