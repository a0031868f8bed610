import { expect, it } from 'vitest';
import { ConsentScope } from '#api/contract/presence-proof.ts';
import { createConsentScope, endOfPeriod } from '#lib/sharing/consent-period.ts';

it.each([
  ['today', '2026-11-23T14:59:59Z', '2026-11-23T15:00:00.000Z'],
  ['today', '2026-11-23T15:00:00Z', '2026-11-24T15:00:00.000Z'],
  ['week', '2026-11-23T01:00:00Z', '2026-11-29T15:00:00.000Z'],
  ['month', '2026-11-23T01:00:00Z', '2026-12-22T15:00:00.000Z'],
] as const)('%s from %s ends at midnight in Japan', (period, now, end) => {
  expect(endOfPeriod(period, new Date(now)).toISOString()).toBe(end);
});

it('makes what the card may sign', () => {
  const scope = createConsentScope(
    { recipient: 'hoshi/2710000034', kinds: ['laboratory'], period: 'week' },
    new Date('2026-11-23T01:00:00Z'),
  );
  expect(ConsentScope.safeParse(scope).success).toBe(true);
});
