import { expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import type { AccessOutbox } from '#api/storage/access-outbox.ts';
import type { PostOfficeStore } from '#api/storage/post-office.ts';
import type { InboxEntry, SendLogRow, SharingStore } from '#api/storage/sharing.ts';
import { later, NOW } from '../parties/parties.ts';
import { outgoing } from '../relay/post-office-store-contract.ts';

export interface SharingStoreUnderTest {
  readonly events: AccessOutbox;
  readonly store: SharingStore;
  readonly post: PostOfficeStore;
}

const ALL = { count: 100, bytes: 1_000_000 };
const arrival = () => ({ envelopeId: createId(), at: NOW });
const sent = () => ({ id: createId(), hash: createId(), request: 'a.b.c', subject: 's'.repeat(43) });
const arrived = (change: Partial<InboxEntry> = {}): InboxEntry => ({
  ...{ id: createId(), hash: createId(), request: 'a.b.c', from: 'hoshi/1310000012', receivedAt: NOW },
  doctor: { name: '医師', organization: '診療所', role: 'Medical Doctor' },
  ...{ checks: [{ check: 'signature', ok: true, problem: null }], state: 'open', answeredAt: null },
  ...{ answeredBy: null, decision: null, alarm: null },
  ...change,
});

const lineFor = ({ id, from, doctor }: InboxEntry) =>
  ({
    ...{ releaseId: createId(), releaseHash: 'h', requestId: id, to: from, doctor: doctor! },
    ...{ subject: 's'.repeat(43), kinds: ['laboratory'], documents: 2, releasedAt: later(7), consent: 'c'.repeat(43) },
    ...{ by: 'policy', policyVersion: 3, basis: 'consent', withheld: ['referral'], eventId: createId() },
  }) satisfies Partial<SendLogRow>;

/** What every driver of the sharing store must do. Everything that belongs together is there together, or not at all. */
export function testSharingStore(open: () => SharingStoreUnderTest | Promise<SharingStoreUnderTest>): void {
  const unsent = async (post: PostOfficeStore) => (await post.readUnsent(ALL)).map(({ id }) => id);

  it('stores a request with its envelope, newest first', async () => {
    const { store, post } = await open();
    const [first, second] = [sent(), sent()];
    const [one, two] = [outgoing(), outgoing()];
    await store.postRequest(first, one);
    await store.postRequest(second, two);
    expect(await store.postRequest(first, outgoing())).toEqual({ ...first, envelopeId: one.id, answer: null });
    expect((await store.listSent()).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await unsent(post)).toEqual([one.id, two.id]);
    await expect(store.postRequest({ ...first, hash: 'x' }, outgoing())).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.readSent(createId())).toBeUndefined();
  });

  it('stores an answer with the receipt that goes back and the envelope that brought it', async () => {
    const { store, post } = await open();
    const request = sent();
    await store.postRequest(request, outgoing());
    const answer = { kind: 'released', at: later(5), statement: 'r.s.t' } as const;
    const by = arrival();
    await store.receiveAnswer(request.id, answer, by, outgoing());
    await store.receiveAnswer(request.id, answer, by, outgoing());
    await store.receiveAnswer(request.id, answer, arrival(), outgoing());
    expect((await store.readSent(request.id))?.answer).toEqual(answer);
    expect(await unsent(post)).toHaveLength(2);
    expect(await post.isHandled(by.envelopeId)).toBe(true);
  });

  it('keeps nothing of an answer that it refuses', async () => {
    const { store, post } = await open();
    const request = sent();
    await store.postRequest(request, outgoing());
    const answer = { kind: 'refused', at: NOW, statement: 'r.s.t' } as const;
    const [unknown, second] = [arrival(), arrival()];
    const toNobody = store.receiveAnswer(createId(), answer, unknown, outgoing());
    await expect(toNobody).rejects.toMatchObject({ code: 'release_not_requested' });
    await store.receiveAnswer(request.id, answer, arrival());
    const other = store.receiveAnswer(request.id, { ...answer, statement: 'u.v.w' }, second, outgoing());
    await expect(other).rejects.toMatchObject({ code: 'request_already_answered' });
    expect([await post.isHandled(unknown.envelopeId), await post.isHandled(second.envelopeId)]).toEqual([false, false]);
    expect(await unsent(post)).toHaveLength(1);
  });

  it('stores a request that arrived, with its refusal', async () => {
    const { store, post, events } = await open();
    const event = { id: createId(), jws: 'e.v.t' };
    const [good, bad] = [arrived(), arrived({ state: 'refused', answeredAt: NOW, doctor: null, receivedAt: later(1) })];
    await store.receiveRequest(good, arrival());
    await store.receiveRequest(bad, arrival(), { refusal: outgoing(), events: [event] });
    expect(await store.listAnswered({ limit: 9 })).toEqual([bad]);
    expect(await store.listOpen()).toEqual([good]);
    expect(await store.listSince(later(1))).toEqual([bad]);
    expect(await unsent(post)).toHaveLength(1);
    expect(await events.readUntaken(9)).toEqual([event]);
    const again = arrival();
    await expect(store.receiveRequest(good, again)).rejects.toMatchObject({ code: 'request_replayed' });
    expect(await post.isHandled(again.envelopeId)).toBe(false);
  });

  it('lists what was answered and what was sent page by page, newest first', async () => {
    const { store } = await open();
    const requests = [0, 1, 2, 3, 3].map((minutes) => arrived({ receivedAt: later(minutes) }));
    for (const entry of requests) await store.receiveRequest(entry, arrival());
    const [isOpen, ...answered] = requests;
    for (const [index, entry] of answered.entries()) {
      const log = { ...lineFor(entry), releasedAt: later(9 + index) };
      const answer = {
        ...({ state: 'released', at: later(9), by: 'policy', outgoing: outgoing() } as const),
        events: [],
        log,
      } as const;
      await store.answerRequest(entry.id, answer);
    }
    const ids = async (after?: string) => (await store.listAnswered({ after, limit: 2 })).map(({ id }) => id);
    const newest = [...answered.slice(2).sort((a, b) => (a.id < b.id ? 1 : -1)), answered[1]!, answered[0]!];
    const sorted = newest.map(({ id }) => id);
    expect(await ids()).toEqual(sorted.slice(0, 2));
    expect(await ids(sorted[1])).toEqual(sorted.slice(2));
    expect([await ids(sorted[3]), await ids(createId())]).toEqual([[], []]);
    expect((await store.listOpen()).map(({ id }) => id)).toEqual([isOpen!.id]);

    const lines = await store.listSendLog({ limit: 3 });
    expect(lines.map(({ requestId }) => requestId)).toEqual(
      answered
        .map(({ id }) => id)
        .toReversed()
        .slice(0, 3),
    );
    const rest = await store.listSendLog({ after: lines[2]!.releaseId, limit: 3 });
    expect(rest.map(({ requestId }) => requestId)).toEqual([answered[0]!.id]);
    expect(await store.listSendLog({ after: createId(), limit: 3 })).toEqual([]);
  });

  it('replaces the checks of an open request only', async () => {
    const { store } = await open();
    const [isOpen, isClosed] = [arrived(), arrived({ state: 'refused' })];
    const checks = [{ check: 'clock', ok: false, problem: null }] as const;
    const decision = { effect: 'ask', version: 0, parts: [] } as const;
    for (const entry of [isOpen, isClosed]) {
      await store.receiveRequest(entry, arrival());
      await store.noteLook(entry.id, { checks, decision });
    }
    expect(await store.readInbox(isOpen.id)).toMatchObject({ checks, decision });
    expect((await store.readInbox(isClosed.id))?.checks).toEqual(isClosed.checks);
  });

  it('answers a request once, with envelope and send log, and closes the circle', async () => {
    const { store, post } = await open();
    const entry = arrived();
    await store.receiveRequest(entry, arrival());
    const envelope = outgoing();
    const log = lineFor(entry);
    const events = [{ id: log.eventId, jws: 'e.v.t' }];
    const answer = { state: 'released', at: later(7), by: 'policy', outgoing: envelope, events, log } as const;
    expect(await store.answerRequest(entry.id, answer)).toEqual({
      ...entry,
      ...{ state: 'released', answeredAt: later(7), answeredBy: 'policy' },
    });
    await store.answerRequest(entry.id, { ...answer, outgoing: outgoing() });
    expect(await unsent(post)).toEqual([envelope.id]);
    const line: SendLogRow = { ...log, envelopeId: envelope.id, deliveryReceipt: null, deliveredAt: null };
    expect(await store.listSendLog({ limit: 9 })).toEqual([line]);
    const refusal = store.answerRequest(entry.id, {
      ...{ state: 'refused', at: NOW, by: 'person', outgoing: outgoing(), events: [] },
    });
    await expect(refusal).rejects.toMatchObject({ code: 'request_already_answered' });
    const toNobody = store.answerRequest(createId(), answer);
    await expect(toNobody).rejects.toMatchObject({ code: 'not_found' });

    await store.receiveDelivery(log.releaseId, { jws: 'd.e.f', at: later(9) }, arrival());
    await store.receiveDelivery(log.releaseId, { jws: 'g.h.i', at: later(10) }, arrival());
    const delivered = { ...line, deliveryReceipt: 'd.e.f', deliveredAt: later(9) };
    expect(await store.readSendLog(log.releaseId)).toEqual(delivered);
    expect(await store.readSendLog(createId())).toBeUndefined();
  });

  it('keeps an alarm until the first who saw it', async () => {
    const { store } = await open();
    const [alarmed, quiet] = [arrived({ alarm: { acknowledgedAt: null, acknowledgedBy: null } }), arrived()];
    await store.receiveRequest(alarmed, arrival());
    await store.receiveRequest(quiet, arrival());
    expect((await store.listUnseen()).map(({ id }) => id)).toEqual([alarmed.id]);
    await store.acknowledgeAlarm(alarmed.id, { by: '事務 一郎', at: later(1) });
    expect(await store.listUnseen()).toEqual([]);
    const seen = await store.acknowledgeAlarm(alarmed.id, { by: '事務 二郎', at: later(2) });
    expect(seen.alarm).toEqual({ acknowledgedAt: later(1), acknowledgedBy: '事務 一郎' });
    await expect(store.acknowledgeAlarm(quiet.id, { by: 'x', at: NOW })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gives its events until they are taken, and keeps them', async () => {
    const { store, events } = await open();
    const [one, two] = [
      { id: createId(), jws: 'a.b.c' },
      { id: createId(), jws: 'd.e.f' },
    ];
    await store.receiveRequest(arrived(), arrival(), { events: [one, two] });
    expect(await events.readUntaken(1)).toEqual([one]);
    await events.noteTaken([one.id], later(1));
    await events.noteTaken([one.id], later(2));
    expect(await events.readUntaken(9)).toEqual([two]);
    expect(await events.list()).toEqual([
      { ...two, takenAt: null },
      { ...one, takenAt: later(1) },
    ]);
    expect([...(await events.find([two.id, createId()])).keys()]).toEqual([two.id]);
  });
}
