import { expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import type { AccessOutbox } from '#api/storage/access-outbox.ts';
import type { DispensingStore } from '#api/storage/dispensings.ts';
import type { PostOfficeStore } from '#api/storage/post-office.ts';
import { later, NOW } from '../parties/parties.ts';
import { codeOf } from '../problem-code.ts';
import { outgoing } from '../relay/post-office-store-contract.ts';

export interface DispensingStoreUnderTest {
  readonly store: DispensingStore;
  readonly post: PostOfficeStore;
  readonly events: AccessOutbox;
}

const ALL = { count: 100, bytes: 1_000_000 };
const arrival = () => ({ envelopeId: createId(), at: NOW });
const event = () => ({ id: createId(), jws: 'e.v.t' });
const ours = () => ({ id: createId(), requestId: createId(), documentId: createId(), dispensedAt: NOW });
const theirs = (documentId: string = createId()) => ({
  ...{ id: createId(), documentId, by: 'hoshi/2710000034', at: later(3), jws: 'd.i.s' },
});

/** What every driver of the uses of prescriptions must do, and of the outbox of access events that goes with them. */
export function testDispensingStore(open: () => DispensingStoreUnderTest | Promise<DispensingStoreUnderTest>): void {
  it('stores that we filled a prescription once, with its envelope', async () => {
    const { store, post } = await open();
    const [filled, envelope] = [ours(), outgoing()];
    const stands = { ...filled, envelopeId: envelope.id };
    expect(await store.post(filled, envelope)).toEqual(stands);
    expect(await store.post({ ...filled, id: createId() }, outgoing())).toEqual(stands);
    expect(await store.listForRequest(filled.requestId)).toEqual([stands]);
    expect(await store.listForRequest(createId())).toEqual([]);
    expect((await post.readUnsent(ALL)).map(({ id }) => id)).toEqual([envelope.id]);
  });

  it('fills a prescription once when it is filled twice at once', async () => {
    const { store, post } = await open();
    const filled = ours();
    const answers = await Promise.all([1, 2, 3].map(() => store.post({ ...filled, id: createId() }, outgoing())));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await post.readUnsent(ALL)).toHaveLength(1);
  });

  it('uses a prescription of ours up once, with the events that say so', async () => {
    const { store, post, events } = await open();
    const [use, said] = [theirs(), event()];
    const came = arrival();
    await store.receive(use, came, [said]);
    await store.receive(use, came, [event()]);
    await store.receive(use, arrival(), [event()]);
    const late = arrival();
    expect(await codeOf(store.receive(theirs(use.documentId), late, [event()]))).toBe('prescription_used');
    expect([await post.isHandled(came.envelopeId), await post.isHandled(late.envelopeId)]).toEqual([true, false]);
    expect(await events.readUntaken(9)).toEqual([said]);
    expect(await store.readUses([use.documentId, createId()])).toEqual(
      new Map([[use.documentId, { at: later(3).toISOString(), by: use.by }]]),
    );
  });

  it('lets one of two answers at once win', async () => {
    const { store } = await open();
    const documentId = createId();
    const codes = await Promise.all([1, 2].map(() => codeOf(store.receive(theirs(documentId), arrival(), []))));
    expect(codes.toSorted()).toEqual(['accepted', 'prescription_used']);
  });

  it('sends access events in their order until they were taken, and keeps them', async () => {
    const { store, events } = await open();
    const said = [event(), event(), event()];
    await store.receive(theirs(), arrival(), said);
    const ids = said.map(({ id }) => id);
    expect(await events.readUntaken(2)).toEqual(said.slice(0, 2));
    await events.noteTaken(ids.slice(0, 2), NOW);
    await events.noteTaken(ids.slice(0, 1), later(9));
    expect(await events.readUntaken(9)).toEqual(said.slice(2));
    const kept = said.map((one, at) => ({ ...one, takenAt: at < 2 ? NOW : null }));
    expect(await events.list()).toEqual(kept.toReversed());
    expect(await events.find([ids[0]!, createId()])).toEqual(new Map([[ids[0], kept[0]]]));
  });
}
