import { describe, expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import { createSigningJwk, importSigningKey } from '#api/contract/jose.ts';
import { Problem } from '#api/contract/problem.ts';
import { signVisitRecord } from '#api/contract/visit-record.ts';
import type { GatewayVisitStore, NewGatewayVisit, RecordedVisit } from '#api/storage/gateway-visits.ts';
import { codeOf } from '../problem-code.ts';

const SUBJECT = 'S'.repeat(43);
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 3, minute));
const key = await importSigningKey(await createSigningJwk());

const newTap = (minute = 0, change: Partial<NewGatewayVisit> = {}): NewGatewayVisit => {
  const submission = { submissionId: createId(), presence: 'p', certificate: 'AAAA', terminal: 't' };
  return {
    ...{ visitId: createId(), submission, submissionHash: `hash of ${submission.submissionId}` },
    ...{ presentedAt: at(minute), receivedAt: at(minute) },
    ...change,
  };
};

async function recorded(visitId: string): Promise<RecordedVisit> {
  const record = await signVisitRecord(
    {
      ...{ version: 1, id: visitId, iss: 'east', subject: SUBJECT, institution: 'sakura/1310000012' },
      ...{ presentedAt: at(0).toISOString(), notBefore: at(0).toISOString(), acceptedAt: at(1).toISOString() },
      ...{ proofMethod: 'mynumber-tap', simulated: true, freshness: { kind: 'challenge', challenge: SUBJECT } },
      presenceHash: SUBJECT,
      coverage: { status: 'unchecked', checkedAt: null, answerHash: null, simulated: false },
      ...{ previous: null, sequence: 1 },
    },
    key,
  );
  const person = { subject: SUBJECT, name: '架空　花子', kana: '', birthDate: '1972-03-04', sex: 'female' } as const;
  return { record, acceptedAt: at(1), person, coverage: { status: 'not_found' }, receipt: null };
}

/** What every driver of a gateway's visit store must do. `reopen` gives a store over the same data, as after a restart. */
export function describeGatewayVisitStore(
  name: string,
  open: () =>
    | { readonly store: GatewayVisitStore; readonly reopen: () => Promise<GatewayVisitStore> }
    | Promise<{ readonly store: GatewayVisitStore; readonly reopen: () => Promise<GatewayVisitStore> }>,
): void {
  describe(`a gateway's visit store on ${name}`, () => {
    it('keeps a tap with all that has to be sent, over a restart', async () => {
      const { store, reopen } = await open();
      const tap = newTap();
      const kept = await store.keep(tap);
      expect(kept).toMatchObject({ state: 'kept', visitId: tap.visitId, coverage: { status: 'unchecked' } });
      const later = await reopen();
      expect(await later.findKept(tap.submission.submissionId)).toEqual({
        ...kept,
        submission: tap.submission,
        attempts: 0,
      });
      expect(await later.countKept()).toBe(1);
    });

    it('takes the same submission once', async () => {
      const { store } = await open();
      const tap = newTap();
      const [first, second] = await Promise.all([store.keep(tap), store.keep(tap)]);
      expect(second).toEqual(first);
      expect(await store.countKept()).toBe(1);
    });

    it('refuses other bytes under the same id, and the same proof under another', async () => {
      const { store } = await open();
      const tap = newTap();
      await store.keep(tap);
      expect(await codeOf(store.keep({ ...tap, submissionHash: 'other' }))).toBe('conflict');
      expect(await codeOf(store.keep(newTap(0, { visitId: tap.visitId })))).toBe('presence_replayed');
    });

    it('forgets the submission when the exchange has recorded it', async () => {
      const { store } = await open();
      const tap = newTap();
      await store.keep(tap);
      const answer = await recorded(tap.visitId);
      await store.settleRecorded(tap.submission.submissionId, answer);
      expect(await store.findByVisit(tap.visitId)).toMatchObject({ state: 'recorded', ...answer });
      expect(await store.findKept(tap.submission.submissionId)).toBeUndefined();
      expect((await store.listBySubject(SUBJECT)).map(({ visitId }) => visitId)).toEqual([tap.visitId]);
      expect(await store.countKept()).toBe(0);
    });

    it('never changes what is settled', async () => {
      const { store } = await open();
      const tap = newTap();
      const { submissionId } = tap.submission;
      await store.keep(tap);
      const problem = new Problem('card_not_enrolled', 'no').toDocument();
      await store.settleRefused(submissionId, problem);
      await store.settleRecorded(submissionId, await recorded(tap.visitId));
      await store.postpone(submissionId, problem, at(9));
      expect(await store.find(submissionId)).toMatchObject({ state: 'refused', problem, record: null });
    });

    it('lists what is due, oldest first, and leaves out what was postponed', async () => {
      const { store } = await open();
      const taps = [newTap(3), newTap(1), newTap(2)] as const;
      for (const tap of taps) await store.keep(tap);
      const due = async (minute: number) => (await store.listDue(at(minute), 10)).map(({ visitId }) => visitId);
      expect(await due(5)).toEqual([taps[1], taps[2], taps[0]].map(({ visitId }) => visitId));
      const problem = new Problem('certificate_status_unknown', 'later').toDocument();
      await store.postpone(taps[1].submission.submissionId, problem, at(8));
      expect(await due(7)).toEqual([taps[2], taps[0]].map(({ visitId }) => visitId));
      expect(await due(8)).toHaveLength(3);
      expect(await store.findKept(taps[1].submission.submissionId)).toMatchObject({ attempts: 1, problem });
    });

    it('lists newest first, since an instant', async () => {
      const { store } = await open();
      const taps = [newTap(1), newTap(2), newTap(3)] as const;
      for (const tap of taps) await store.keep(tap);
      const ids = async (options: Parameters<GatewayVisitStore['list']>[0]) =>
        (await store.list(options)).map(({ visitId }) => visitId);
      expect(await ids({ limit: 2 })).toEqual([taps[2].visitId, taps[1].visitId]);
      expect(await ids({ limit: 9, since: at(2) })).toEqual([taps[2].visitId, taps[1].visitId]);
    });

    it('lists page by page, each tap once, also those received at the same instant', async () => {
      const { store } = await open();
      const taps = [newTap(1), newTap(2), newTap(2), newTap(2), newTap(3)];
      for (const tap of taps) await store.keep(tap);
      const pages: string[][] = [];
      for (let after: string | undefined; ; after = pages.at(-1)?.at(-1)) {
        const page = await store.list({ limit: 2, since: at(2), ...(after ? { after } : {}) });
        if (page.length === 0) break;
        pages.push(page.map(({ submissionId }) => submissionId));
      }
      const [, second, third, fourth, newest] = taps.map(({ submission }) => submission.submissionId);
      expect(pages).toEqual([
        [newest, fourth],
        [third, second],
      ]);
      expect(await store.list({ limit: 9, after: createId() })).toEqual([]);
    });

    it('knows which receipts carry no time-stamp yet', async () => {
      const { store } = await open();
      const tap = newTap();
      const { submissionId } = tap.submission;
      await store.keep(tap);
      const answer = await recorded(tap.visitId);
      const receipt = { version: 1, record: answer.record, salt: 'A'.repeat(43), proof: 'proof' } as const;
      await store.settleRecorded(submissionId, { ...answer, receipt });
      expect(await store.listUnstamped(answer.acceptedAt, 9)).toEqual([]);
      const later = new Date(answer.acceptedAt.getTime() + 1);
      expect(await store.listUnstamped(later, 9)).toMatchObject([{ submissionId }]);
      await store.saveReceipt(submissionId, { ...receipt, timestamp: 'AAAA' });
      expect(await store.listUnstamped(later, 9)).toEqual([]);
      expect((await store.find(submissionId))?.receipt?.timestamp).toBe('AAAA');
    });

    it('knows which receipts are still to come', async () => {
      const { store } = await open();
      const tap = newTap();
      const { submissionId } = tap.submission;
      await store.keep(tap);
      expect(await store.listWithoutReceipt(9)).toEqual([]);
      const answer = await recorded(tap.visitId);
      await store.settleRecorded(submissionId, answer);
      expect(await store.listWithoutReceipt(9)).toHaveLength(1);
      const receipt = { version: 1, record: answer.record, salt: 'A'.repeat(43), proof: 'proof' } as const;
      await store.saveReceipt(submissionId, receipt);
      expect(await store.listWithoutReceipt(9)).toEqual([]);
      expect((await store.find(submissionId))?.receipt).toEqual(receipt);
    });

    it('keeps one of the submissions that bring a proof at once', async () => {
      const { store } = await open();
      const visitId = createId();
      const codes = await Promise.all([1, 2, 3].map((minute) => codeOf(store.keep(newTap(minute, { visitId })))));
      expect(codes.toSorted()).toEqual(['accepted', 'presence_replayed', 'presence_replayed']);
      expect(await store.countKept()).toBe(1);
    });
  });
}
