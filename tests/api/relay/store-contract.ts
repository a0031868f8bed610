import { expect, it } from 'vitest';
import type { EnvelopeState } from '#api/contract/envelope.ts';
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
    expect(await store.readExpired(NOW, 10)).toEqual([]);
    expect((await store.readExpired(later(DAY_MS), 10)).map(({ envelope }) => envelope.id)).toEqual([over.envelope.id]);
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
