import { expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import type { OutgoingEnvelope, PostOfficeStore } from '#api/storage/post-office.ts';
import { WRITE_FAULTS, type WriteFault } from '../parties/faults.ts';
import { DAY_MS, later, NOW } from '../parties/parties.ts';

export interface PostOfficeUnderTest {
  readonly store: PostOfficeStore;
  /** Stores an envelope as a feature does, beside something of its own. */
  readonly enqueue: (outgoing: OutgoingEnvelope) => Promise<void>;
  /** Notes an incoming envelope as handled; false when it was. */
  readonly handle: (id: string) => Promise<boolean>;
  readonly fail: (fault: WriteFault) => void;
}

export const outgoing = (change: Partial<OutgoingEnvelope> = {}): OutgoingEnvelope => {
  const id = createId();
  return {
    ...{
      id,
      to: 'sakura/1310000012',
      kind: 'release',
      priority: 'normal',
      conversation: createId(),
      created: NOW,
      expires: later(DAY_MS),
    },
    ...{ digest: 'd'.repeat(43), seal: `seal of ${id}`, body: `body of ${id}`, statement: `statement of ${id}` },
    ...change,
  };
};

const asUnsent = ({ statement: _statement, ...envelope }: OutgoingEnvelope) => ({
  ...envelope,
  size: envelope.body.length,
});

const ALL = { count: 100, bytes: 1_000_000 };

/** What every driver of a post office must do. */
/** So long after the beginning, where nothing is due later than a minute from then. */
const at = (ms: number) => ({ now: later(ms), latest: later(ms + 60_000) });

export function testPostOfficeStore(open: () => PostOfficeUnderTest | Promise<PostOfficeUnderTest>): void {
  it('gives out what is unsent, in order, as it was stored', async () => {
    const { store, enqueue } = await open();
    const envelopes = [outgoing(), outgoing(), outgoing()];
    for (const envelope of envelopes) await enqueue(envelope);
    expect(await store.readUnsent(ALL)).toEqual(envelopes.map(asUnsent));
    expect(await store.readUnsent({ count: 2, bytes: 1_000_000 })).toHaveLength(2);
    expect(await store.readUnsent({ count: 9, bytes: 1 })).toHaveLength(1);
    const { id, digest } = envelopes[0]!;
    expect(await store.read(id)).toEqual({ id, digest, created: NOW, state: null, reason: null, receipts: [] });
    expect(await store.read(createId())).toBeUndefined();
  });

  it('follows an envelope forward and never back, each receipt once', async () => {
    const { store, enqueue } = await open();
    const envelope = outgoing();
    await enqueue(envelope);
    const note = (state: 'accepted' | 'forwarded' | 'acknowledged' | 'refused', ...receipts: string[]) =>
      store.noteState(envelope.id, state, { receipts, lookAgain: later(1000), reason: 'internal' });
    await note('accepted', 'one');
    expect(await store.readUnsent(ALL)).toEqual([]);
    expect(await store.readDue(at(0), 9)).toEqual([]);
    expect((await store.readDue(at(1000), 9)).map(({ id }) => id)).toEqual([envelope.id]);
    await note('acknowledged', 'one', 'two');
    await note('forwarded', 'three');
    await note('refused');
    const end = { state: 'acknowledged', receipts: ['one', 'two', 'three'] };
    expect(await store.read(envelope.id)).toMatchObject(end);
    expect(await store.readDue(at(DAY_MS), 9)).toEqual([]);
    await store.noteState(createId(), 'accepted', { receipts: [], lookAgain: NOW });
  });

  it('asks again at once about an envelope whose turn a clock set that ran ahead', async () => {
    const { store, enqueue } = await open();
    const envelope = outgoing();
    await enqueue(envelope);
    await store.noteState(envelope.id, 'accepted', { receipts: [], lookAgain: later(DAY_MS) });
    expect((await store.readDue(at(0), 9)).map(({ id }) => id)).toEqual([envelope.id]);
    expect(await store.readDue({ now: NOW, latest: later(DAY_MS) }, 9)).toEqual([]);
  });

  it('remembers why an envelope was refused', async () => {
    const { store, enqueue } = await open();
    const envelope = outgoing();
    await enqueue(envelope);
    await store.noteState(envelope.id, 'refused', { receipts: [], reason: 'recipient_unknown', lookAgain: NOW });
    expect(await store.read(envelope.id)).toMatchObject({ state: 'refused', reason: 'recipient_unknown' });
  });

  it('notes an incoming envelope as handled once', async () => {
    const { store, handle } = await open();
    const id = createId();
    expect(await store.isHandled(id)).toBe(false);
    expect([await handle(id), await handle(id)]).toEqual([true, false]);
    expect(await store.isHandled(id)).toBe(true);
  });

  it('gives out by priority, each conversation in order, and nothing for whom is left out', async () => {
    const { store, enqueue } = await open();
    const talk = createId();
    const first = outgoing({ priority: 'bulk', conversation: talk });
    const other = outgoing({ priority: 'normal', to: 'hoshi/1310000012' });
    const second = outgoing({ priority: 'urgent', conversation: talk });
    for (const envelope of [first, other, second]) await enqueue(envelope);
    expect((await store.readUnsent(ALL)).map(({ id }) => id)).toEqual([first, second, other].map(({ id }) => id));
    const rest = await store.readUnsent({ ...ALL, except: ['sakura/1310000012'] });
    expect(rest.map(({ id }) => id)).toEqual([other.id]);
  });

  it('gives a large body out in pieces until it is sent', async () => {
    const { store, enqueue } = await open();
    const body = crypto.getRandomValues(new Uint8Array(5000));
    const envelope = outgoing({ body });
    await enqueue(envelope);
    expect(await store.readUnsent(ALL)).toMatchObject([{ body: null, size: 5000 }]);
    expect(await store.readPiece(envelope.id, 4000, 2000)).toEqual(body.slice(4000));
    await store.noteState(envelope.id, 'accepted', { receipts: [], lookAgain: NOW });
    expect(await store.readPiece(envelope.id, 0, 10)).toHaveLength(0);
  });

  it('keeps what did not arrive, to be sent anew once or given up', async () => {
    const { store, enqueue } = await open();
    const [lost, given, fine] = [outgoing(), outgoing(), outgoing()];
    for (const envelope of [lost, given, fine]) await enqueue(envelope);
    const end = (id: string, state: 'refused' | 'expired' | 'acknowledged', at: Date) =>
      store.noteState(id, state, { receipts: [], reason: 'recipient_unknown', lookAgain: NOW, at });
    await end(lost.id, 'refused', later(2));
    await end(given.id, 'expired', later(1));
    await end(fine.id, 'acknowledged', NOW);
    const { body: _body, seal: _seal, ...kept } = lost;
    expect(await store.readUndelivered(9)).toMatchObject([
      { ...kept, state: 'refused', reason: 'recipient_unknown', ended: later(2) },
      { id: given.id, state: 'expired', ended: later(1) },
    ]);
    const again = outgoing({ conversation: lost.conversation });
    expect([await store.resend(lost.id, again), await store.resend(lost.id, outgoing())]).toEqual([true, false]);
    expect(await store.read(lost.id)).toMatchObject({ id: again.id, state: null });
    expect((await store.readUnsent(ALL)).map(({ id }) => id)).toEqual([again.id]);
    expect([await store.discard(given.id), await store.discard(given.id)]).toEqual([true, false]);
    expect(await store.discard(fine.id)).toBe(false);
    expect(await store.readUndelivered(9)).toEqual([]);
    expect(await store.readUndeliveredOne(given.id)).toBeUndefined();
  });

  it.each(WRITE_FAULTS)('can be told a state again when it was %s', async (fault) => {
    const { store, enqueue, fail } = await open();
    const envelope = outgoing();
    await enqueue(envelope);
    const note = () => store.noteState(envelope.id, 'accepted', { receipts: ['one'], lookAgain: NOW });
    fail(fault);
    await expect(note()).rejects.toMatchObject({ name: 'DiskFault' });
    await note();
    expect(await store.read(envelope.id)).toMatchObject({ state: 'accepted', receipts: ['one'] });
  });
}
