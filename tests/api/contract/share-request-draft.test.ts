import { expect, it } from 'vitest';
import { ShareRequest } from '../../../api/contract/share-request.ts';
import { createShareRequest, type ShareRequestDraft } from '../../../api/contract/share-request-draft.ts';

const now = new Date('2026-11-23T01:00:00Z');
const draft: ShareRequestDraft = {
  id: '0190f000-0000-7000-8000-000000000001',
  from: 'hoshi/2710000034',
  to: 'sakura/1310000012',
  purpose: 'treatment',
  kinds: ['laboratory'],
  visits: ['a.b.c'],
  consent: { presence: 'a.b.c', binding: 'a.b.c' },
  consentExpires: '2026-12-23T01:00:00Z',
  requester: '星野 恵',
};

it('builds what the schema of the wire accepts', () => {
  expect(ShareRequest.parse(createShareRequest(draft, now))).toMatchObject({
    to: draft.to,
    issuedAt: now.toISOString(),
    expires: '2026-11-30T01:00:00.000Z',
    task: { owner: { identifier: { value: draft.to } } },
  });
});

it('never outlives the consent', () => {
  const request = createShareRequest({ ...draft, consentExpires: '2026-11-23T03:00:00Z' }, now);
  expect(request.expires).toBe('2026-11-23T03:00:00.000Z');
});

it('keeps a long reason within the wire format', () => {
  const request = createShareRequest({ ...draft, reason: ` ${'あ'.repeat(1200)}`, requester: '医'.repeat(300) }, now);
  expect(ShareRequest.safeParse(request).success).toBe(true);
});

it.each([
  ['an emergency without a reason', { purpose: 'emergency', reason: ' ' }],
  ['no visit', { visits: [] }],
  ['no kind', { kinds: [] }],
] as const)('refuses %s', (_, change) => {
  expect(() => createShareRequest({ ...draft, ...change }, now)).toThrow(RangeError);
});
