import { expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import type { ConsentStore, StoredConsent, StoredWithdrawal } from '#api/storage/consents.ts';
import { later, NOW } from '../parties/parties.ts';
import { codeOf } from '../problem-code.ts';

const SUBJECT = 's'.repeat(43);
const consent = (change: Partial<StoredConsent> = {}): StoredConsent => ({
  ...{ institution: 'sakura/1310000012', submissionId: createId(), submissionHash: 'h', subject: SUBJECT },
  ...{ presence: 'p.p.p', binding: 'b.b.b' },
  ...change,
});
const use = (challenge: string | null = null) => ({ id: createId(), challenge, usedAt: NOW });
const withdrawal = (change: Partial<StoredWithdrawal> = {}): StoredWithdrawal => ({
  ...{ id: createId(), subject: SUBJECT, acceptedAt: NOW, presence: 'p.p.p', binding: 'b.b.b' },
  ...change,
});

/** What every driver of an exchange's consents must do. */
export function testConsentStore(open: () => ConsentStore | Promise<ConsentStore>): void {
  it('keeps a consent, and gives the same submission what stands', async () => {
    const store = await open();
    const given = consent();
    expect(await store.accept(given, use())).toEqual(given);
    expect(await store.accept({ ...given, binding: 'another' }, use())).toEqual(given);
    expect(await store.find(given.institution, given.submissionId)).toEqual(given);
    expect(await store.find('hoshi/2710000034', given.submissionId)).toBeUndefined();
  });

  it('refuses other bytes under one id, and a proof that was used', async () => {
    const store = await open();
    const [given, proof] = [consent(), use('c')];
    await store.accept(given, proof);
    expect(await codeOf(store.accept({ ...given, submissionHash: 'other' }, use()))).toBe('conflict');
    const replayed = consent();
    expect(await codeOf(store.accept(replayed, proof))).toBe('presence_replayed');
    expect(await codeOf(store.accept(replayed, use('c')))).toBe('presence_replayed');
    expect(await store.find(replayed.institution, replayed.submissionId)).toBeUndefined();
  });

  it('stores one of the consents that bring a challenge at once, and answers one submission for all', async () => {
    const store = await open();
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(store.accept(consent(), use('c')))));
    expect(codes.toSorted()).toEqual(['accepted', 'presence_replayed', 'presence_replayed']);
    const given = consent();
    const answers = await Promise.all(['x', 'y', 'z'].map((binding) => store.accept({ ...given, binding }, use())));
    expect(new Set(answers.map(({ binding }) => binding)).size).toBe(1);
  });

  it('lists what a person consented to, oldest first', async () => {
    const store = await open();
    const [first, second] = [consent(), consent()];
    await store.accept(second, use());
    await store.accept(first, use());
    await store.accept(consent({ subject: 'another' }), use());
    expect(await store.listBySubject(SUBJECT)).toEqual([first, second]);
  });

  it('keeps a withdrawal once, and owes it to each peer until it is settled', async () => {
    const store = await open();
    const [first, second] = [withdrawal(), withdrawal({ acceptedAt: later(1) })];
    await store.withdraw(first, use('c'), ['west', 'north']);
    await store.withdraw(first, use('d'), ['west']);
    await store.withdraw(second, null, ['west']);
    expect(await codeOf(store.withdraw(withdrawal(), use('c'), ['west']))).toBe('presence_replayed');
    expect(await store.findWithdrawal(first.id)).toEqual(first);
    expect(await store.findWithdrawal(createId())).toBeUndefined();
    expect(await store.listWithdrawals(SUBJECT)).toEqual([first, second]);
    expect(await store.readOwedWithdrawals('west', 9)).toEqual([first, second]);
    expect(await store.readOwedWithdrawals('west', 1)).toEqual([first]);
    await store.settleWithdrawals('west', [first.id]);
    expect(await store.readOwedWithdrawals('west', 9)).toEqual([second]);
    expect(await store.readOwedWithdrawals('north', 9)).toEqual([first]);
  });
}
