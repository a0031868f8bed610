import { beforeAll, expect, it } from 'vitest';
import { AccessEventPosting, readAccessEvent } from '#api/contract/access-event.ts';
import { HPKI_ROLES } from '#api/contract/hpki-role.ts';
import { createId } from '#api/contract/ids.ts';
import type { PolicyRule, PolicyRules } from '#api/contract/policy.ts';
import { RecordKind } from '#api/contract/record-kind.ts';
import { answerResultsQuery } from '#api/sharing/answer-query.ts';
import { changePolicy, viewPolicy } from '#api/sharing/policy-in-force.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { createParties, DAY_MS, NOW } from '../parties/parties.ts';
import { sharedWorld, WORLD_TIMEOUT_MS } from '../synthetic/shared-world.ts';
import { consentAtB, createGateway, documentOf, trustOf, type Parties } from './sharing-fixture.ts';

let world: SyntheticWorld;
let parties: Parties;
const KINDS = ['laboratory', 'referral', 'prescription'] as const satisfies readonly RecordKind[];
const visitId = createId();

beforeAll(async () => {
  [world, parties] = await Promise.all([sharedWorld(), createParties()]);
}, WORLD_TIMEOUT_MS);

const rule = (effect: PolicyRule['effect'], change: Partial<PolicyRule> = {}): PolicyRule => ({
  ...{ id: createId(), effect, kinds: [], roles: [], requesters: [], purposes: [], age: { kind: 'any' } },
  ...change,
});

/** B asks A, whose policy has these rules and whose records are of these kinds, `ageDays` old. */
async function query(rules: PolicyRules, ageDays = 0, kinds: readonly RecordKind[] = KINDS) {
  const now = () => new Date(NOW.getTime() + ageDays * DAY_MS);
  const signers = trustOf(world, { allowedRoles: [HPKI_ROLES.medicalDoctor, HPKI_ROLES.pharmacist] });
  const documents = kinds.map((kind) => documentOf(visitId, kind));
  const a = createGateway({ parties, self: parties.east, now, signers, documents });
  const { current } = await viewPolicy(a.policies);
  const change = { basedOn: current.version, rules, author: '医事課 一郎' };
  await changePolicy(a.policies, change, { terminal: '受付', at: NOW });
  const consent = await consentAtB(parties, {
    scope: { recipient: parties.west.member.id, kinds: KINDS, expires: '2030-01-01T00:00:00.000Z' },
  });
  const reported: string[] = [];
  const post: Parameters<typeof answerResultsQuery>[1]['post'] = (_path, body, answer) => {
    reported.push(...AccessEventPosting.parse(body).events);
    return Promise.resolve(answer.parse({ stored: 1 }));
  };
  const context = { from: parties.west.member.id, sid: createId(), transcript: 't'.repeat(43) };
  const answer = await answerResultsQuery(a.parts, { post }, { consent, kinds: KINDS }, context);
  return { answer, event: readAccessEvent(reported[0]!), told: answer.results.map(({ kind }) => kind) };
}

it('tells what the policy would let go, and what a request for it would meet with', async () => {
  const { answer, event } = await query([rule('release', { kinds: ['laboratory'] }), rule('ask')]);
  expect(answer.results.map(({ kind, effect }) => [kind, effect])).toEqual([
    ['laboratory', 'release'],
    ['referral', 'ask'],
    ['prescription', 'ask'],
  ]);
  expect(answer.withheld).toEqual([]);
  expect(event).toMatchObject({ action: 'queried', documents: 3, kinds: KINDS });
});

it('does not tell of a kind that the policy refuses, and the log counts only what was told', async () => {
  const { answer, told, event } = await query([rule('refuse', { kinds: ['prescription'] }), rule('ask')]);
  expect(told).toEqual(['laboratory', 'referral']);
  expect(answer.withheld).toEqual(['prescription']);
  expect(event.documents).toBe(2);
});

it('refuses where no rule fits', async () => {
  const { answer } = await query([]);
  expect(answer).toMatchObject({ results: [], withheld: KINDS });
});

it('says of a refused kind the same whether there is any or not', async () => {
  const rules = [rule('refuse', { kinds: ['prescription'], age: { kind: 'beyond', days: 2 } }), rule('ask')];
  const { answer: withOld, told } = await query(rules, 3);
  const { answer: without } = await query(rules, 3, ['laboratory', 'referral']);
  expect(told).not.toContain('prescription');
  expect(withOld.withheld).toEqual(['prescription']);
  expect(without.withheld).toEqual(withOld.withheld);
  expect((await query(rules, 2)).told).toContain('prescription');
});

it('tells only what every role that may ask could get, as nobody has shown a role yet', async () => {
  const forDoctors = [rule('release', { roles: [HPKI_ROLES.medicalDoctor] })];
  expect((await query(forDoctors)).answer).toMatchObject({ results: [], withheld: KINDS });
  const forBoth = [rule('ask', { roles: [HPKI_ROLES.pharmacist] }), rule('release')];
  expect((await query(forBoth)).answer.results.map(({ effect }) => effect)).toEqual(['ask', 'ask', 'ask']);
});

it('asks the rules about the institution that the session authenticated', async () => {
  const { answer } = await query([rule('refuse', { requesters: [parties.west.member.id] }), rule('release')]);
  expect(answer).toMatchObject({ results: [], withheld: KINDS });
});
