import { expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import type { PolicyChange, PolicyRule, PolicyView } from '#api/contract/policy.ts';
import { Problem } from '#api/contract/problem.ts';
import { ja } from '#lib/i18n/ja.ts';
import { jaRooms } from '#lib/i18n/ja-rooms.ts';
import { PolicyEditing } from '#lib/policy/policy-editing.svelte.ts';
import { describeRule } from '#lib/policy/rule-sentence.ts';

const rule = (change: Partial<PolicyRule> = {}): PolicyRule => ({
  ...{ id: createId(), effect: 'ask', kinds: [], roles: [], requesters: [], purposes: [], age: { kind: 'any' } },
  ...change,
});

function open(isTaken = false) {
  const first = rule();
  const version = {
    version: 1,
    rules: [first],
    savedAt: '2026-11-23T00:00:00Z',
    author: 'a',
    terminal: 't',
    note: null,
  };
  const saved: PolicyChange[] = [];
  const gateway = {
    fetchPolicy: (): Promise<PolicyView> => Promise.resolve({ current: version, history: [version] }),
    savePolicy: (change: PolicyChange): Promise<PolicyView> => {
      if (isTaken) return Promise.reject(new Problem('conflict', 'version 2 is in force'));
      saved.push(change);
      const current = { ...version, version: 2, rules: change.rules };
      return Promise.resolve({ current, history: [current, version] });
    },
    tryPolicy: () => Promise.resolve({ since: '2026-10-23T00:00:00Z', requests: [], unchecked: 0 }),
  };
  return { editing: new PolicyEditing(gateway), first, saved };
}

it('undoes every step, and orders rules', async () => {
  const { editing, first } = open();
  await editing.load();
  const second = rule({ effect: 'release' });
  editing.put(second);
  editing.move(second.id, -1);
  expect(editing.rules).toEqual([second, first]);
  editing.move(second.id, -1);
  editing.put({ ...second, effect: 'refuse' });
  editing.remove(first.id);
  expect(editing.rules).toEqual([{ ...second, effect: 'refuse' }]);
  editing.undo();
  editing.undo();
  expect(editing.rules).toEqual([second, first]);
  editing.redo();
  expect(editing.rules[0]).toEqual({ ...second, effect: 'refuse' });
  while (editing.canUndo) editing.undo();
  expect([editing.rules, editing.isChanged]).toEqual([[first], false]);
});

it('saves only what was tried as it stands', async () => {
  const { editing, first, saved } = open();
  await editing.load();
  editing.put({ ...first, effect: 'refuse' });
  expect(editing.maySave).toBe(false);
  await editing.try();
  expect(editing.maySave).toBe(true);
  editing.put({ ...first, effect: 'release' });
  expect(await editing.save('医事課 一郎', '')).toBeUndefined();
  await editing.try();
  expect(await editing.save('医事課 一郎', '')).toBe(2);
  expect(saved).toMatchObject([{ basedOn: 1, author: '医事課 一郎', rules: [{ effect: 'release' }] }]);
  expect(editing.isChanged).toBe(false);
});

it('keeps the changes when somebody saved first', async () => {
  const { editing, first } = open(true);
  await editing.load();
  editing.put({ ...first, effect: 'refuse' });
  await editing.try();
  expect(await editing.save('a', '')).toBeUndefined();
  expect(editing.error).toMatchObject({ code: 'conflict' });
  expect(editing.isChanged).toBe(true);
});

it('says a rule in one sentence', () => {
  const words = {
    t: { ...ja, ...jaRooms },
    language: 'ja' as const,
    nameOf: () => ({ ja: 'ほし模擬クリニック', en: 'Hoshi' }),
  };
  expect(describeRule(rule(), words)).toBe('すべての依頼元からのあらゆる目的の依頼で、すべての記録は人が判断する。');
  const narrow = rule({
    ...{ effect: 'release', kinds: ['laboratory'], roles: ['Medical Doctor'], purposes: ['treatment'] },
    ...{ requesters: ['hoshi/1310000012'], age: { kind: 'within', days: 365 } },
  });
  expect(describeRule(narrow, words)).toBe(
    'ほし模擬クリニックの医師からの診療の依頼で、受診から365日以内の検査結果は自動で開示する。',
  );
});
