import { expect, it } from 'vitest';
import type { PolicyStore } from '#api/storage/policies.ts';
import { later, NOW } from '../parties/parties.ts';
import { codeOf } from '../problem-code.ts';

const version = (number: number, note: string | null = null) => ({
  ...{ version: number, rules: [], savedAt: later(number).toISOString(), author: '架空　花子', terminal: 'T', note },
});

/** What every driver of an institution's release policy must do. */
export function testPolicyStore(open: () => PolicyStore | Promise<PolicyStore>): void {
  it('keeps every version, newest first', async () => {
    const store = await open();
    expect([await store.read(), await store.list()]).toEqual([undefined, []]);
    await store.save(version(1));
    await store.save(version(2, 'why'));
    expect(await store.read()).toEqual(version(2, 'why'));
    expect(await store.list()).toEqual([version(2, 'why'), version(1)]);
    expect(Date.parse((await store.read())!.savedAt)).toBeGreaterThan(NOW.getTime());
  });

  it('saves the next version only', async () => {
    const store = await open();
    await store.save(version(1));
    expect(await codeOf(store.save(version(1)))).toBe('conflict');
    expect(await codeOf(store.save(version(3)))).toBe('conflict');
    expect(await store.list()).toEqual([version(1)]);
  });

  it('saves one of those that come at once', async () => {
    const store = await open();
    const codes = await Promise.all(['a', 'b', 'c'].map((note) => codeOf(store.save(version(1, note)))));
    expect(codes.toSorted()).toEqual(['accepted', 'conflict', 'conflict']);
    expect(await store.list()).toHaveLength(1);
  });
}
