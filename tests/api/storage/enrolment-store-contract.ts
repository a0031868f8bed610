import { describe, expect, it } from 'vitest';
import type { CardBinding, EnrolmentStore } from '#api/storage/enrolment.ts';
import { codeOf } from '../problem-code.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 3, minute));
const HOSPITAL = 'sakura/1310000012';
const binding: CardBinding = {
  ...{ certHash: 'h', subject: 'S', cardKey: { kty: 'RSA', n: 'n', e: 'AQAB' } },
  ...{ application: 'text-ap', institution: HOSPITAL, enrolledAt: at(1) },
};

/** What every driver of the enrolment store must do. `reopen` gives a store over the same data, as after a restart. */
export function describeEnrolmentStore(
  name: string,
  open: () =>
    | { readonly store: EnrolmentStore; readonly reopen: () => Promise<EnrolmentStore> }
    | Promise<{ readonly store: EnrolmentStore; readonly reopen: () => Promise<EnrolmentStore> }>,
): void {
  describe(`the enrolment store on ${name}`, () => {
    const issue = (store: EnrolmentStore, challenge: string, expires = at(5)) =>
      store.saveChallenge({ challenge, institution: HOSPITAL, expires });

    it('stores the binding and uses the challenge up in one step, over a restart', async () => {
      const { store, reopen } = await open();
      await issue(store, 'c');
      expect(await store.findChallenge('c')).toMatchObject({ usedBy: null, expires: at(5) });
      await store.enrol(binding, { challenge: 'c', submissionHash: 'one' });
      const later = await reopen();
      expect(await later.findBinding('h')).toEqual(binding);
      expect(await later.findChallenge('c')).toMatchObject({ usedBy: 'one', institution: HOSPITAL });
    });

    it('stores nothing for another submission with the same challenge, or without one', async () => {
      const { store } = await open();
      await issue(store, 'c');
      await store.enrol(binding, { challenge: 'c', submissionHash: 'one' });
      const other = { ...binding, certHash: 'other' };
      expect(await codeOf(store.enrol(other, { challenge: 'c', submissionHash: 'two' }))).toBe(
        'enrolment_challenge_unknown',
      );
      expect(await codeOf(store.enrol(other, { challenge: 'd', submissionHash: 'two' }))).toBe(
        'enrolment_challenge_unknown',
      );
      expect(await store.findBinding('other')).toBeUndefined();
      expect(await codeOf(store.enrol(binding, { challenge: 'c', submissionHash: 'one' }))).toBe('accepted');
    });

    it('binds a certificate anew', async () => {
      const { store } = await open();
      for (const challenge of ['c', 'd']) await issue(store, challenge);
      await store.enrol(binding, { challenge: 'c', submissionHash: 'one' });
      const renewed = { ...binding, cardKey: { ...binding.cardKey, n: 'm' }, enrolledAt: at(2) };
      await store.enrol(renewed, { challenge: 'd', submissionHash: 'two' });
      expect(await store.findBinding('h')).toEqual(renewed);
    });

    it('forgets challenges a day after they ended', async () => {
      const { store } = await open();
      await issue(store, 'old');
      await issue(store, 'same day', at(60 * 24 + 5));
      expect(await store.findChallenge('old')).toBeDefined();
      await issue(store, 'next', at(60 * 24 + 6));
      expect(await store.findChallenge('old')).toBeUndefined();
    });

    it('gives a challenge to one of those who use it at once', async () => {
      const { store } = await open();
      await issue(store, 'c');
      const submissions = ['one', 'two', 'three', 'four'];
      const codes = await Promise.all(
        submissions.map((submissionHash) =>
          codeOf(store.enrol({ ...binding, certHash: submissionHash }, { challenge: 'c', submissionHash })),
        ),
      );
      expect(codes.filter((code) => code === 'accepted')).toHaveLength(1);
      const bound = await Promise.all(submissions.map((certHash) => store.findBinding(certHash)));
      expect(bound.filter(Boolean)).toHaveLength(1);
    });
  });
}
