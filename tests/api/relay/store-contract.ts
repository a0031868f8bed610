import { expect, it } from 'vitest';
import type { EnvelopeState, Priority } from '#api/contract/envelope.ts';
import { createId } from '#api/contract/ids.ts';
import type { AcceptedEnvelope, RelayStore, StoredReceipt } from '#api/storage/relay.ts';
import { WRITE_FAULTS, type WriteFault } from '../parties/faults.ts';
import { DAY_MS, later, NOW } from '../parties/parties.ts';

export interface RelayStoreUnderTest {
  readonly store: RelayStore;
  readonly fail: (fault: WriteFault) => void;
}

const ALL = { count: 100, bytes: 1_000_000 };

export const accepted = (change: Partial<AcceptedEnvelope> & { readonly to?: string } = {}): AcceptedEnvelope => {
  const { to = 'sakura/1310000012', ...more } = change;
  const id = createId();
  return {
    envelope: {
      ...{ version: 1, id, from: 'hoshi/1310000012', to, kind: 'release', priority: 'normal' },
      conversation: createId(),
      ...{ created: NOW.toISOString(), expires: later(DAY_MS).toISOString(), sizeBucket: 4096, digest: 'd'.repeat(43) },
    },
    ...{ seal: `seal of ${id}`, body: `body of ${id}`, destination: { kind: 'mailbox' }, origin: null },
    ...more,
  };
};

export const receipt = (state: EnvelopeState, issuer = 'east', at = NOW): StoredReceipt => ({
  ...{ issuer, state, at, jws: `${issuer} says ${state}` },
});
const own = (state: EnvelopeState) => ({ ...receipt(state), isOwn: true });

/** What every driver of the relay's store must do. */
export function testRelayStore(open: () => RelayStoreUnderTest | Promise<RelayStoreUnderTest>): void {
  it('gives back what it accepted, body and all', async () => {
    const { store } = await open();
    const envelope = accepted();
    expect(await store.accept(envelope, receipt('accepted'))).toMatchObject({ isNew: true });
    const [waiting, ...more] = await store.readMailbox(envelope.envelope.to, ALL);
    expect(more).toEqual([]);
    const stands = { state: 'accepted', changed: NOW, receipts: ['east says accepted'] };
    expect(waiting).toEqual({ ...envelope, ...stands, size: envelope.body!.length });
    const { body: _body, ...entry } = envelope;
    expect(await store.read(envelope.envelope.id)).toEqual({ ...entry, ...stands });
    expect(await store.read(createId())).toBeUndefined();
  });

  it('accepts an envelope once and refuses its id for anything else', async () => {
    const { store } = await open();
    const envelope = accepted();
    await store.accept(envelope, receipt('accepted'));
    await store.advance(envelope.envelope.id, [own('delivered')]);
    const again = await store.accept(envelope, { ...receipt('accepted'), jws: 'another' });
    expect(again).toMatchObject({ isNew: false, entry: { state: 'delivered' } });
    expect(again.entry.receipts).toEqual(['east says accepted', 'east says delivered']);
    const other = { ...envelope, envelope: { ...envelope.envelope, digest: 'e'.repeat(43) } };
    await expect(store.accept(other, receipt('accepted'))).rejects.toMatchObject({ code: 'conflict' });
    const stranger = { ...envelope, envelope: { ...envelope.envelope, from: 'umi/1310000012' } };
    await expect(store.accept(stranger, receipt('accepted'))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('keeps mailboxes and peers apart, each in the order of arrival', async () => {
    const { store } = await open();
    const mine = [accepted(), accepted(), accepted()];
    const theirs = accepted({ destination: { kind: 'peer', exchange: 'west' } });
    for (const envelope of [mine[0]!, theirs, mine[1]!, accepted({ to: 'sakura/2222222222' }), mine[2]!]) {
      await store.accept(envelope, receipt('accepted'));
    }
    const ids = async (list: Promise<readonly { readonly envelope: { readonly id: string } }[]>) =>
      (await list).map(({ envelope }) => envelope.id);
    expect(await ids(store.readMailbox('sakura/1310000012', ALL))).toEqual(mine.map(({ envelope }) => envelope.id));
    expect(await ids(store.readOutgoing('west', ALL))).toEqual([theirs.envelope.id]);
    expect(await ids(store.readOutgoing('east', ALL))).toEqual([]);
    expect(await ids(store.readMailbox('sakura/1310000012', { count: 2, bytes: 1_000_000 }))).toHaveLength(2);
    expect(await ids(store.readMailbox('sakura/1310000012', { count: 9, bytes: 1 }))).toHaveLength(1);
    expect(await store.countWaiting()).toEqual({
      mailboxes: new Map([
        ['sakura/1310000012', 3],
        ['sakura/2222222222', 1],
      ]),
      peers: new Map([['west', 1]]),
    });
  });

  it('hands an envelope out until it ends, and forgets the body then', async () => {
    const { store } = await open();
    const envelope = accepted();
    await store.accept(envelope, receipt('accepted'));
    await store.advance(envelope.envelope.id, [own('delivered')]);
    expect((await store.readMailbox(envelope.envelope.to, ALL))[0]!.body).toBe(envelope.body);
    await store.advance(envelope.envelope.id, [own('acknowledged')]);
    expect(await store.readMailbox(envelope.envelope.to, ALL)).toEqual([]);
    expect(await store.advance(envelope.envelope.id, [own('expired')])).toMatchObject({ state: 'acknowledged' });
    expect((await store.read(envelope.envelope.id))?.receipts).toHaveLength(3);
    expect(await store.advance(createId(), [own('expired')])).toBeUndefined();
  });

  it('gives its own word once and keeps every word of others', async () => {
    const { store } = await open();
    const envelope = accepted({ destination: { kind: 'peer', exchange: 'west' } });
    const { id } = envelope.envelope;
    await store.accept(envelope, receipt('accepted'));
    const theirs = { ...receipt('accepted', 'west'), isOwn: false };
    await store.advance(id, [own('forwarded'), theirs]);
    await store.advance(id, [own('forwarded'), theirs]);
    expect(await store.readOutgoing('west', ALL)).toEqual([]);
    const acknowledged = { ...receipt('acknowledged', 'west'), isOwn: false };
    const delivered = { ...receipt('delivered', 'west'), isOwn: false };
    expect((await store.advance(id, [acknowledged]))?.state).toBe('acknowledged');
    const entry = await store.advance(id, [delivered]);
    expect(entry?.state).toBe('acknowledged');
    expect(entry?.receipts).toEqual([
      ...['east says accepted', 'east says forwarded', 'west says accepted'],
      ...['west says acknowledged', 'west says delivered'],
    ]);
  });

  it('owes the origin each receipt until it is settled', async () => {
    const { store } = await open();
    const envelope = accepted({ origin: 'west' });
    await store.accept(envelope, receipt('accepted'));
    await store.advance(envelope.envelope.id, [own('delivered')]);
    await store.advance(envelope.envelope.id, [own('acknowledged')]);
    const owed = await store.readOwed('west', 10);
    expect(owed.map(({ jws }) => jws)).toEqual(['east says delivered', 'east says acknowledged']);
    await store.settleOwed('west', [owed[0]!.sequence]);
    expect((await store.readOwed('west', 10)).map(({ jws }) => jws)).toEqual(['east says acknowledged']);
    expect(await store.readOwed('north', 10)).toEqual([]);
  });

  it('finds what is still here after its time', async () => {
    const { store } = await open();
    const [over, done] = [accepted(), accepted()];
    await store.accept(over, receipt('accepted'));
    await store.accept(done, receipt('accepted'));
    await store.advance(done.envelope.id, [own('acknowledged')]);
    const find = async (now: Date, inDoubtBefore = NOW) =>
      (await store.readExpired({ now, inDoubtBefore }, 10)).map(({ envelope }) => envelope.id);
    expect(await find(NOW)).toEqual([]);
    expect(await find(later(DAY_MS))).toEqual([over.envelope.id]);
  });

  it('leaves what somebody else may have in doubt for a while', async () => {
    const { store } = await open();
    const toPeer = { destination: { kind: 'peer', exchange: 'west' } } as const;
    const [handedOut, underway, held] = [accepted(), accepted(toPeer), accepted(toPeer)];
    for (const envelope of [handedOut, underway, held]) await store.accept(envelope, receipt('accepted'));
    await store.advance(handedOut.envelope.id, [own('delivered')]);
    await store.hold(held.envelope.id, 'recipient_unknown', receipt('held'));
    const find = async (inDoubtBefore: Date) =>
      (await store.readExpired({ now: later(DAY_MS), inDoubtBefore }, 10))
        .map(({ envelope }) => envelope.id)
        .toSorted();
    expect(await find(NOW)).toEqual([held.envelope.id]);
    expect(await find(later(DAY_MS))).toEqual(
      [handedOut, underway, held].map(({ envelope }) => envelope.id).toSorted(),
    );
  });

  it('hands out by priority, with a share for each, and never out of order inside a conversation', async () => {
    const { store } = await open();
    const of = (priority: Priority, conversation = createId()) => {
      const made = accepted();
      return { ...made, envelope: { ...made.envelope, priority, conversation } };
    };
    const talk = createId();
    const first = of('bulk', talk);
    const bulk = Array.from({ length: 4 }, () => of('bulk'));
    const normal = Array.from({ length: 4 }, () => of('normal'));
    const urgent = [of('urgent'), of('urgent', talk), of('urgent'), of('urgent')];
    const late = of('bulk', talk);
    for (const envelope of [first, ...bulk, ...normal, ...urgent, late])
      await store.accept(envelope, receipt('accepted'));
    const ids = (await store.readMailbox('sakura/1310000012', { count: 6, bytes: 1_000_000 })).map(
      (e) => e.envelope.id,
    );
    // The conversation's first comes along with its urgent second.
    const expected = [first, urgent[0], urgent[1], normal[0], bulk[0]].map((entry) => entry!.envelope.id);
    expect(ids.slice(0, 3)).toEqual(expected.slice(0, 3));
    expect(ids).toEqual(expect.arrayContaining(expected));
    const all = (await store.readMailbox('sakura/1310000012', ALL)).map(({ envelope }) => envelope);
    expect(all).toHaveLength(14);
    const inTalk = all.filter(({ conversation }) => conversation === talk).map(({ id }) => id);
    expect(inTalk).toEqual([first, urgent[1]!, late].map(({ envelope }) => envelope.id));
    const without = await store.readMailbox('sakura/1310000012', { ...ALL, except: [talk] });
    expect(without).toHaveLength(11);
    expect(await store.readLoad({ mailbox: 'sakura/1310000012' })).toMatchObject({ count: 14 });
  });

  it('takes a large body in pieces and gives it out in pieces', async () => {
    const { store } = await open();
    const bytes = crypto.getRandomValues(new Uint8Array(5000));
    const large = { ...accepted(), body: null };
    const { id, to, from, digest } = large.envelope;
    const upload = { id, to, from, digest, size: bytes.length, expires: later(DAY_MS) };
    await expect(store.accept(large, receipt('accepted'))).rejects.toMatchObject({ code: 'upload_unknown' });
    expect(await store.openUpload(upload)).toEqual({ ...upload, received: 0 });
    expect(await store.appendUpload(id, 0, bytes.subarray(0, 2000))).toMatchObject({ received: 2000 });
    await expect(store.appendUpload(id, 0, bytes)).rejects.toMatchObject({ code: 'upload_wrong_offset' });
    await expect(store.appendUpload(id, 2000, bytes)).rejects.toMatchObject({ code: 'upload_wrong_offset' });
    await expect(store.accept(large, receipt('accepted'))).rejects.toMatchObject({ code: 'upload_unknown' });
    expect(await store.openUpload(upload)).toMatchObject({ received: 2000 });
    await expect(store.openUpload({ ...upload, size: 9 })).rejects.toMatchObject({ code: 'conflict' });
    await store.appendUpload(id, 2000, bytes.subarray(2000));
    expect(await store.readUpload(id)).toMatchObject({ received: 5000 });
    expect((await store.accept(large, receipt('accepted'))).isNew).toBe(true);
    expect(await store.readUpload(id)).toBeUndefined();
    expect(await store.readMailbox(to, ALL)).toMatchObject([{ body: null, size: 5000 }]);
    expect(await store.readStoredBytes()).toBeGreaterThanOrEqual(5000);
    expect(await store.readPiece(id, 1990, 20)).toEqual(bytes.slice(1990, 2010));
    expect(await store.readPiece(id, 4990, 100)).toEqual(bytes.slice(4990));
    expect(await store.readPiece(id, 5000, 1)).toHaveLength(0);
    await store.advance(id, [own('acknowledged')]);
    expect(await store.readPiece(id, 0, 10)).toHaveLength(0);
    await store.openUpload({ ...upload, id: createId() });
    expect(await store.dropUploads(NOW)).toBe(0);
    expect(await store.dropUploads(later(DAY_MS))).toBe(1);
  });

  it('holds an envelope, and what follows it, until it is let go', async () => {
    const { store } = await open();
    const destination = { kind: 'peer', exchange: 'west' } as const;
    const first = accepted({ destination, origin: null });
    const second = accepted({ destination });
    const { conversation } = first.envelope;
    const next = { ...second, envelope: { ...second.envelope, conversation } };
    await store.accept(first, receipt('accepted'));
    await store.accept(next, receipt('accepted'));
    const { id } = first.envelope;
    await store.hold(id, 'recipient_unknown', receipt('held'));
    expect(await store.readOutgoing('west', ALL)).toEqual([]);
    expect(await store.readDeadLetters(9)).toMatchObject([{ state: 'held', reason: 'recipient_unknown' }]);
    expect(await store.readHeld(NOW, 9)).toEqual([]);
    expect(await store.readHeld(later(1), 9)).toHaveLength(1);
    expect(await store.dismiss(id)).toBe(false);
    expect([await store.resend(id), await store.resend(id)]).toEqual([true, false]);
    const waiting = await store.readOutgoing('west', ALL);
    expect(waiting.map(({ envelope, body }) => [envelope.id, body])).toEqual([
      [id, first.body],
      [next.envelope.id, next.body],
    ]);
    await store.hold(id, 'forbidden', receipt('held'));
    expect((await store.read(id))?.receipts).toEqual(['east says accepted', 'east says held']);
    await store.advance(id, [{ ...own('refused'), reason: 'forbidden' }]);
    expect(await store.readDeadLetters(9)).toMatchObject([{ state: 'refused', reason: 'forbidden' }]);
    expect([await store.dismiss(id), await store.dismiss(id)]).toEqual([true, false]);
    expect(await store.readDeadLetters(9)).toEqual([]);
    expect(await store.readOutgoing('west', ALL)).toHaveLength(1);
  });

  it.each(WRITE_FAULTS)('can be told again when an acceptance was %s', async (fault) => {
    const { store, fail } = await open();
    const envelope = accepted();
    fail(fault);
    await expect(store.accept(envelope, receipt('accepted'))).rejects.toMatchObject({ name: 'DiskFault' });
    expect(await store.readMailbox(envelope.envelope.to, ALL)).toHaveLength(fault === 'not stored' ? 0 : 1);
    await store.accept(envelope, receipt('accepted'));
    expect(await store.readMailbox(envelope.envelope.to, ALL)).toHaveLength(1);
  });

  it.each(WRITE_FAULTS)('can be told again when a change was %s', async (fault) => {
    const { store, fail } = await open();
    const envelope = accepted({ origin: 'west' });
    await store.accept(envelope, receipt('accepted'));
    fail(fault);
    await expect(store.advance(envelope.envelope.id, [own('delivered')])).rejects.toMatchObject({ name: 'DiskFault' });
    expect(await store.advance(envelope.envelope.id, [own('delivered')])).toMatchObject({ state: 'delivered' });
    const owed = await store.readOwed('west', 10);
    expect(owed).toHaveLength(1);
    fail(fault);
    await expect(store.settleOwed('west', [owed[0]!.sequence])).rejects.toMatchObject({ name: 'DiskFault' });
    await store.settleOwed('west', [owed[0]!.sequence]);
    expect(await store.readOwed('west', 10)).toEqual([]);
  });
}
