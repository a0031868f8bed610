import { beforeAll, expect, it } from 'vitest';
import { signEnvelopeReceipt, type EnvelopeState } from '#api/contract/envelope.ts';
import { RELEASE_CHECKS_OF } from '#api/contract/release-checks.ts';
import type { SentRequest } from '#api/contract/share-requests-api.ts';
import { createId } from '#api/contract/ids.ts';
import { createSigningJwk, importSigningKey, type SigningKey } from '#api/contract/jose.ts';
import { Problem } from '#api/contract/problem.ts';
import { isSettled, requestProgress } from '#lib/sharing/request-progress.ts';
import { summariseChecks } from '#lib/sharing/release-checks.ts';

let key: SigningKey;
beforeAll(async () => (key = await importSigningKey(await createSigningJwk())));

const receipt = (state: EnvelopeState, minute: number): Promise<string> =>
  signEnvelopeReceipt(
    {
      version: 1,
      iss: 'west',
      envelope: createId(),
      digest: 'A'.repeat(43),
      state,
      at: `2026-11-23T01:0${minute}:00.000Z`,
    },
    key,
  );

const request = (change: Partial<SentRequest>): SentRequest => ({
  id: createId(),
  to: 'sakura/1310000012',
  subject: 'A'.repeat(43),
  kinds: ['laboratory'],
  issuedAt: '2026-11-23T01:00:00.000Z',
  state: 'sent',
  envelopeState: null,
  receipts: [],
  answeredAt: null,
  documents: [],
  refusal: null,
  basis: 'consent',
  withheld: [],
  dispensings: [],
  ...change,
});

const states = (change: Partial<SentRequest>) => requestProgress(request(change)).map(({ state }) => state);

it.each<[string, Partial<SentRequest>, readonly string[]]>([
  ['nothing is known yet', {}, ['current', 'ahead', 'ahead', 'ahead']],
  ['the exchange has it', { envelopeState: 'accepted' }, ['done', 'current', 'ahead', 'ahead']],
  ['it was forwarded', { envelopeState: 'forwarded' }, ['done', 'done', 'current', 'ahead']],
  ['the hospital has it', { state: 'waiting', envelopeState: 'acknowledged' }, ['done', 'done', 'done', 'current']],
  ['it was answered', { state: 'released', envelopeState: 'delivered' }, ['done', 'done', 'done', 'done']],
  ['it was refused there', { state: 'refused', envelopeState: 'refused' }, ['done', 'done', 'done', 'done']],
  ['nobody took it', { state: 'expired', envelopeState: 'expired' }, ['done', 'stopped', 'ahead', 'ahead']],
  ['the relay refused it', { envelopeState: 'refused' }, ['done', 'stopped', 'ahead', 'ahead']],
])('shows that %s', (_, change, expected) => {
  expect(states(change)).toEqual(expected);
});

it('takes times from the signed receipts, and none from what cannot be read', async () => {
  const receipts = [await receipt('forwarded', 3), await receipt('accepted', 1), await receipt('accepted', 2), 'x'];
  const [sent, forwarded, delivered] = requestProgress(request({ envelopeState: 'delivered', receipts }));
  expect([sent?.at, forwarded?.at, delivered?.at]).toEqual([
    '2026-11-23T01:01:00.000Z',
    '2026-11-23T01:03:00.000Z',
    undefined,
  ]);
});

it('knows when nothing more will come', () => {
  expect(isSettled(request({ envelopeState: 'delivered' }))).toBe(false);
  expect(isSettled(request({ state: 'waiting' }))).toBe(false);
  for (const state of ['released', 'refused', 'expired'] as const) expect(isSettled(request({ state }))).toBe(true);
  expect(isSettled(request({ envelopeState: 'refused' }))).toBe(true);
});

it('allows a release only when every check was made and passed', () => {
  const checks = RELEASE_CHECKS_OF.consent.map((check) => ({ check, ok: true, problem: null }));
  expect(summariseChecks({ basis: 'consent', checks })).toMatchObject({
    passed: 13,
    failed: [],
    missing: [],
    mayRelease: true,
  });
  expect(summariseChecks({ basis: 'consent', checks: checks.slice(1) })).toMatchObject({
    missing: ['signature'],
    mayRelease: false,
  });
  const problem = new Problem('hpki_role_not_allowed', 'a nurse').toDocument();
  const failed = checks.map((check) => (check.check === 'role' ? { ...check, ok: false, problem } : check));
  expect(summariseChecks({ basis: 'consent', checks: failed })).toMatchObject({ passed: 12, mayRelease: false });
});
