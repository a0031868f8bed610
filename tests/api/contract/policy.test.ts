import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  decideRequest,
  POLICY_EFFECTS,
  POLICY_PURPOSES,
  PolicyRules,
  type PolicyQuestion,
  type PolicyRule,
} from '#api/contract/policy.ts';
import { createId } from '#api/contract/ids.ts';
import { RECORD_KINDS } from '#api/contract/record-kind.ts';

const rule = (change: Partial<PolicyRule>): PolicyRule => ({
  ...{ id: createId(), effect: 'release', kinds: [], roles: [], requesters: [], purposes: [], age: { kind: 'any' } },
  ...change,
});
const question = (change: Partial<PolicyQuestion> = {}): PolicyQuestion => ({
  ...{ kind: 'laboratory', role: 'Medical Doctor', requester: 'hoshi/1310000012', purpose: 'treatment', ageDays: 3 },
  ...change,
});
const effect = (rules: readonly PolicyRule[], change: Partial<PolicyQuestion> = {}) =>
  decide(rules, question(change)).effect;

describe('a policy', () => {
  it('says no where no rule fits', () => {
    expect(decide([], question())).toEqual({ effect: 'refuse', rule: null });
    expect(effect([rule({ kinds: ['referral'] })])).toBe('refuse');
  });

  it('lets the first rule that fits decide', () => {
    const first = rule({ effect: 'ask', roles: ['Medical Doctor'] });
    expect(decide([rule({ roles: ['Pharmacist'] }), first, rule({})], question())).toEqual({
      ...{ effect: 'ask', rule: first.id },
    });
  });

  it.each([
    ['kinds', { kinds: ['laboratory'] }, { kind: 'referral' }],
    ['roles', { roles: ['Medical Doctor'] }, { role: 'medical doctor' }],
    ['institutions', { requesters: ['hoshi/1310000012'] }, { requester: 'hoshi/1310000013' }],
    ['networks', { requesters: ['hoshi'] }, { requester: 'hoshi2/1310000012' }],
    ['purposes', { purposes: ['treatment'] }, { purpose: 'break_glass' }],
    ['age within', { age: { kind: 'within', days: 3 } }, { ageDays: 4 }],
    ['age beyond', { age: { kind: 'beyond', days: 2 } }, { ageDays: 2 }],
  ] as const)('tells %s apart', (_name, condition, other) => {
    expect(effect([rule(condition)])).toBe('release');
    expect(effect([rule(condition)], other)).toBe('refuse');
  });

  it('never lets go what no releasing rule fits', () => {
    const anyRule = fc.record({
      id: fc.constant(createId()),
      effect: fc.constantFrom(...POLICY_EFFECTS),
      kinds: fc.subarray([...RECORD_KINDS]),
      roles: fc.subarray(['Medical Doctor', 'Pharmacist']),
      requesters: fc.subarray(['hoshi', 'umi/1310000012']),
      purposes: fc.subarray([...POLICY_PURPOSES]),
      age: fc.constantFrom({ kind: 'any' as const }, { kind: 'within' as const, days: 3 }),
    });
    fc.assert(
      fc.property(fc.array(anyRule), fc.constantFrom(...RECORD_KINDS), fc.nat(10), (rules, kind, ageDays) => {
        if (effect(rules, { kind, ageDays }) !== 'release') return;
        expect(rules.some((one) => one.effect === 'release' && effect([one], { kind, ageDays }) === 'release')).toBe(
          true,
        );
      }),
    );
  });

  it('has each rule once', () => {
    const one = rule({});
    expect(PolicyRules.safeParse([one, one]).success).toBe(false);
    expect(PolicyRules.safeParse([rule({ requesters: ['../etc'] })]).success).toBe(false);
  });
});

describe('a request', () => {
  const ask = (
    rules: readonly PolicyRule[],
    documents: readonly { kind: 'laboratory' | 'referral'; ageDays: number }[],
  ) => decideRequest({ rules, version: 1 }, { ...question(), kinds: ['laboratory', 'referral'], documents });

  it('goes by itself only when every document that may go at all may', () => {
    const rules = [rule({ kinds: ['laboratory'] }), rule({ kinds: ['referral'], effect: 'ask' })];
    const laboratory = { kind: 'laboratory', ageDays: 1 } as const;
    expect(ask(rules, [laboratory]).effect).toBe('release');
    expect(ask(rules, [laboratory, { kind: 'referral', ageDays: 1 }]).effect).toBe('ask');
    expect(ask([rules[0]!], [laboratory, { kind: 'referral', ageDays: 1 }])).toMatchObject({
      effect: 'release',
      parts: [
        { kind: 'laboratory', documents: 1, effect: 'release' },
        { kind: 'referral', documents: 1, effect: 'refuse', rule: null },
      ],
    });
  });

  it('waits for a person where nothing is there yet, and is refused where nothing could be given anyway', () => {
    expect(ask([rule({})], []).effect).toBe('ask');
    expect(ask([], []).effect).toBe('refuse');
    expect(ask([rule({ age: { kind: 'within', days: 1 } })], [{ kind: 'laboratory', ageDays: 9 }]).effect).toBe(
      'refuse',
    );
  });
});
