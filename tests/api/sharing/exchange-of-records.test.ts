import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HpkiPersonalisation } from 'webusb-ccid/simulated';
import { createId } from '#api/contract/ids.ts';
import {
  signDelivery,
  signRefusal,
  signRelease,
  type DeliveryReceipt,
  type Refusal,
  type Release,
} from '#api/contract/release.ts';
import { readShareRequest, type ShareRequest } from '#api/contract/share-request.ts';
import { readVisitRecord, recordHash } from '#api/contract/visit-record.ts';
import { createSimulatedStatus } from '#api/presence/certificate-status-simulated.ts';
import { toInboxRequest, toSendLogEntry } from '#api/sharing/inbox-view.ts';
import { postRequest } from '#api/sharing/post-request.ts';
import { refuseRequest } from '#api/sharing/refusal.ts';
import { releaseRecords } from '#api/sharing/release.ts';
import { toSentRequest } from '#api/sharing/sent-request-view.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { WRITE_FAULTS } from '../parties/faults.ts';
import { createClock, createKey, createParties, DAY_MS, later, NOW } from '../parties/parties.ts';
import { sharedWorld, WORLD_TIMEOUT_MS } from '../synthetic/shared-world.ts';
import { createGateway, documentOf, draftFromB, signAs, trustOf, visitAtA, type Parties } from './sharing-fixture.ts';

let world: SyntheticWorld;
let parties: Parties;
let doctor: HpkiPersonalisation;
let record: string;
let visitId: string;

beforeAll(async () => {
  [world, parties] = await Promise.all([sharedWorld(), createParties()]);
  doctor = world.cards.hpki[0]!;
  record = await visitAtA(parties);
  visitId = readVisitRecord(record).id;
}, WORLD_TIMEOUT_MS);

let isStatusKnown = true;
let clock = createClock();
beforeEach(() => {
  isStatusKnown = true;
  clock = createClock();
});

function open() {
  const { now } = clock;
  const status = createSimulatedStatus({ now, isUnreachable: () => !isStatusKnown });
  const shared = { parties, now, signers: trustOf(world, { status }) };
  const a = createGateway({ ...shared, self: parties.east, documents: [documentOf(visitId)] });
  const b = createGateway({ ...shared, self: parties.west });
  return { a, b };
}
type Gateway = ReturnType<typeof createGateway>;

const requestJws = async (change: Partial<ShareRequest> = {}, card = doctor) =>
  signAs(card, await draftFromB(parties, { visits: [record], ...change }));

const showSent = async (b: Gateway, id: string) => {
  const entry = (await b.parts.store.readSent(id))!;
  return toSentRequest(entry, await b.parts.post.findProgress(entry.envelopeId), clock.now());
};
const showInbox = async (a: Gateway, id: string) =>
  toInboxRequest((await a.parts.store.readInbox(id))!, a.parts.records);
const showLog = async (a: Gateway) =>
  Promise.all((await a.parts.store.listSendLog({ limit: 9 })).map((row) => toSendLogEntry(row, a.parts)));

const arrivedAt = async ({ parts: { store } }: Gateway) => [
  ...(await store.listOpen()),
  ...(await store.listAnswered({ limit: 9 })),
];

/** B has asked, A has the request in its inbox. */
async function ask({ a, b }: { readonly a: Gateway; readonly b: Gateway }, change: Partial<ShareRequest> = {}) {
  const jws = await requestJws(change);
  const { id } = await postRequest(b.parts, jws);
  await a.take(b, 'share-request');
  return { id, jws };
}

it('goes from a doctor’s signature to a delivery receipt', async () => {
  const { a, b } = open();
  const { id } = await ask({ a, b });
  expect(await showSent(b, id)).toMatchObject({ state: 'sent', envelopeState: null, documents: [], refusal: null });
  expect(await showInbox(a, id)).toMatchObject({
    ...{ state: 'open', doctor: { role: 'Medical Doctor' }, person: { name: '山田　花子' } },
    visits: [{ visitId, documents: 1 }],
  });

  expect((await releaseRecords(a.parts, id)).state).toBe('released');
  await b.take(a, 'release');
  const answered = await showSent(b, id);
  expect(answered).toMatchObject({ state: 'released', documents: [{ visitId, kind: 'laboratory' }] });
  expect(JSON.stringify(answered.documents)).toContain('"value":4.0');

  await a.take(b, 'delivery-receipt');
  expect(await showLog(a)).toMatchObject([
    { requestId: id, to: parties.west.member.id, documents: 1, kinds: ['laboratory'], deliveredAt: NOW.toISOString() },
  ]);
});

describe('a posting', () => {
  it('again is answered with what stands, and sent once', async () => {
    const { b } = open();
    const jws = await requestJws();
    const first = await postRequest(b.parts, jws);
    expect(await postRequest(b.parts, jws)).toEqual(first);
    expect(await b.outbox()).toHaveLength(1);
  });

  it('with an id that stands for another request is refused', async () => {
    const { b } = open();
    const id = createId();
    await postRequest(b.parts, await requestJws({ id }));
    await expect(postRequest(b.parts, await requestJws({ id }))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('in the name of another institution is refused', async () => {
    const { a } = open();
    await expect(postRequest(a.parts, await requestJws())).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('that A would refuse is refused here', async () => {
    const { b } = open();
    const nurse = world.cards.hpki[3]!;
    const attempt = postRequest(b.parts, await requestJws({}, nurse));
    await expect(attempt).rejects.toMatchObject({ code: 'hpki_role_not_allowed' });
    const elsewhere = await visitAtA(parties, { institution: 'sakura/9999999999' });
    const wrong = postRequest(b.parts, await requestJws({ visits: [elsewhere] }));
    await expect(wrong).rejects.toMatchObject({ code: 'visit_not_ours' });
    expect(await b.outbox()).toEqual([]);
  });

  it.each(WRITE_FAULTS)('is sent once by the next try when it was %s', async (fault) => {
    const { b } = open();
    const jws = await requestJws();
    b.disk.fail(fault);
    await expect(postRequest(b.parts, jws)).rejects.toMatchObject({ name: 'DiskFault' });
    await postRequest(b.parts, jws);
    expect(await b.outbox()).toHaveLength(1);
    expect(await b.parts.store.listSent()).toHaveLength(1);
  });
});

describe('a request that arrives', () => {
  /** A request that B’s own gateway would not have sent. */
  async function smuggle(
    { a, b }: { readonly a: Gateway; readonly b: Gateway },
    jws: string,
    conversation = createId(),
  ) {
    const { id: to } = parties.east.member;
    const outgoing = await b.parts.post.prepare({
      to,
      kind: 'share-request',
      conversation,
      jws,
      expires: later(DAY_MS),
    });
    await b.parts.store.postRequest({ id: createId(), hash: createId(), request: jws, subject: 's' }, outgoing);
    return a.take(b, 'share-request');
  }

  it('is refused by itself, with the check’s code, when a check failed for good', async () => {
    const { a, b } = open();
    const jws = await requestJws({}, world.cards.hpki[3]);
    const { id } = readShareRequest(jws);
    await smuggle({ a, b }, jws);
    const shown = await showInbox(a, id);
    expect(shown).toMatchObject({ state: 'refused', doctor: { role: 'General Nurse' }, answeredAt: NOW.toISOString() });
    const [refusal] = await a.outbox();
    expect(refusal).toMatchObject({ kind: 'refusal', to: parties.west.member.id });
    await expect(releaseRecords(a.parts, id)).rejects.toMatchObject({ code: 'request_already_answered' });
  });

  it('waits when a check could not be answered, and is checked again before anything leaves', async () => {
    const { a, b } = open();
    const jws = await requestJws();
    const { id } = await postRequest(b.parts, jws);
    isStatusKnown = false;
    await a.take(b, 'share-request');
    const { state, checks } = await showInbox(a, id);
    expect([state, checks.filter(({ ok }) => !ok).map(({ check }) => check)]).toEqual(['open', ['certificate_status']]);
    await expect(releaseRecords(a.parts, id)).rejects.toMatchObject({ code: 'certificate_status_unknown' });
    expect(await a.outbox()).toEqual([]);
    isStatusKnown = true;
    expect((await releaseRecords(a.parts, id)).state).toBe('released');
    expect((await showInbox(a, id)).checks.every(({ ok }) => ok)).toBe(true);
  });

  it('in another envelope again is refused as a replay', async () => {
    const { a, b } = open();
    const { jws } = await ask({ a, b });
    await expect(smuggle({ a, b }, jws)).rejects.toMatchObject({ code: 'request_replayed' });
    expect(await arrivedAt(a)).toHaveLength(1);
  });

  it('in the same envelope again has no second effect', async () => {
    const { a, b } = open();
    const { id, jws } = await ask({ a, b });
    const envelope = await a.take(b, 'share-request');
    await a.parts.store.receiveRequest(
      { ...(await a.parts.store.readInbox(id))!, request: jws },
      { envelopeId: envelope.id, at: NOW },
    );
    expect(await arrivedAt(a)).toHaveLength(1);
  });

  it('for somebody else, or out of another’s envelope, is refused', async () => {
    const { a, b } = open();
    const toOther = await requestJws({
      to: 'sakura/9999999999',
      task: { ...(await draftFromB(parties)).task, owner: { identifier: { value: 'sakura/9999999999' } } },
    });
    await expect(smuggle({ a, b }, toOther)).rejects.toMatchObject({ code: 'request_wrong_recipient' });
    const fromOther = await requestJws({ from: 'hoshi/9999999999' });
    await expect(smuggle({ a, b }, fromOther)).rejects.toMatchObject({ code: 'request_malformed' });
    await expect(smuggle({ a, b }, 'nonsense')).rejects.toMatchObject({ code: 'request_malformed' });
  });

  it.each(WRITE_FAULTS)('is there once by the next delivery when it was %s', async (fault) => {
    const { a, b } = open();
    const { id } = await postRequest(b.parts, await requestJws());
    a.disk.fail(fault);
    await expect(a.take(b, 'share-request')).rejects.toMatchObject({ name: 'DiskFault' });
    await a.take(b, 'share-request');
    expect((await arrivedAt(a)).map((entry) => entry.id)).toEqual([id]);
  });
});

describe('a release', () => {
  it('again is what it was', async () => {
    const { a, b } = open();
    const { id } = await ask({ a, b });
    const first = await releaseRecords(a.parts, id);
    expect(await releaseRecords(a.parts, id)).toEqual(first);
    expect(await a.outbox()).toHaveLength(1);
    expect(await showLog(a)).toHaveLength(1);
    await expect(refuseRequest(a.parts, id)).rejects.toMatchObject({ code: 'request_already_answered' });
  });

  it('of nothing is refused, and of an unknown request', async () => {
    const { a, b } = open();
    const { id } = await ask({ a, b }, { kinds: ['referral'] });
    await expect(releaseRecords(a.parts, id)).rejects.toMatchObject({ code: 'nothing_to_release' });
    await expect(releaseRecords(a.parts, createId())).rejects.toMatchObject({ code: 'not_found' });
    await expect(refuseRequest(a.parts, createId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is refused once the consent has ended', async () => {
    const { a, b } = open();
    const { id } = await ask({ a, b });
    clock.set(later(DAY_MS));
    await expect(releaseRecords(a.parts, id)).rejects.toMatchObject({ code: 'consent_expired' });
    expect(await a.outbox()).toEqual([]);
    expect((await showSent(b, id)).state).toBe('expired');
  });

  it.each(WRITE_FAULTS)('leaves once by the next click when it was %s', async (fault) => {
    const { a, b } = open();
    const { id } = await ask({ a, b });
    // The first write notes the look, the second is the release.
    const { store } = a.parts;
    const noteLook: typeof store.noteLook = async (...call) => {
      await store.noteLook(...call);
      a.disk.fail(fault);
    };
    const failing = { ...a.parts, store: { ...store, noteLook } };
    await expect(releaseRecords(failing, id)).rejects.toMatchObject({ name: 'DiskFault' });
    expect((await releaseRecords(a.parts, id)).state).toBe('released');
    expect(await a.outbox()).toHaveLength(1);
    expect(await showLog(a)).toHaveLength(1);
  });
});

describe('a release that arrives', () => {
  /** A release as anybody could make one, and its way to B. */
  async function bring(change: Partial<Release> = {}, key = parties.east.member.signing) {
    const { a, b } = open();
    const { id, jws } = await ask({ a, b });
    const release: Release = {
      ...{ version: 1, id: createId(), requestId: id, requestHash: recordHash(jws), releasedAt: NOW.toISOString() },
      ...{ from: parties.east.member.id, to: parties.west.member.id, documents: [documentOf(visitId)] },
      ...change,
    };
    const statement = await signRelease(release, key);
    const envelope = await a.take(b, 'share-request');
    const incoming = { ...envelope, id: createId(), from: parties.east.member.id, to: parties.west.member.id };
    return { b, id, deliver: () => b.handlers.release(incoming, statement) };
  }

  it.each([
    ['another request', { requestId: createId() }, 'release_not_requested'],
    ['another signature of the request', { requestHash: 'x'.repeat(43) }, 'release_not_requested'],
    ['another sender', { from: 'sakura/9999999999' }, 'release_not_requested'],
    ['another recipient', { to: 'hoshi/9999999999' }, 'release_not_requested'],
    ['a visit that was not asked for', { documents: [documentOf(createId())] }, 'release_not_requested'],
  ] as const)('for %s is refused', async (_what, change, code) => {
    const { deliver } = await bring(change);
    await expect(deliver()).rejects.toMatchObject({ code });
  });

  it('with a kind that was not asked for is refused', async () => {
    const { deliver } = await bring({ documents: [{ ...documentOf(visitId), kind: 'referral' }] });
    await expect(deliver()).rejects.toMatchObject({ code: 'release_not_requested' });
  });

  it('signed by anyone but the institution that was asked is refused', async () => {
    const strangers = [await createKey(), parties.west.member.signing, parties.east.key];
    for (const key of strangers) {
      const { deliver } = await bring({}, key);
      await expect(deliver()).rejects.toMatchObject({ code: 'release_signature_invalid' });
    }
  });

  it('after another answer is refused, and the same again changes nothing', async () => {
    const { a, b } = open();
    const { id } = await ask({ a, b });
    await releaseRecords(a.parts, id);
    await b.take(a, 'release');
    const envelope = await b.take(a, 'release');
    const [sent] = await b.parts.store.listSent();
    await b.handlers.release({ ...envelope, id: createId() }, sent!.answer!.statement);
    expect((await b.outbox()).filter(({ kind }) => kind === 'delivery-receipt')).toHaveLength(1);

    const refusal: Refusal = {
      ...{ version: 1, requestId: id, requestHash: sent!.hash, reason: 'refused_by_person' },
      ...{ from: parties.east.member.id, to: parties.west.member.id, refusedAt: NOW.toISOString() },
    };
    const late = b.handlers.refusal(
      { ...envelope, id: createId(), kind: 'refusal' },
      await signRefusal(refusal, parties.east.member.signing),
    );
    await expect(late).rejects.toMatchObject({ code: 'request_already_answered' });
  });

  it.each(WRITE_FAULTS)('is there once, with one receipt, by the next delivery when it was %s', async (fault) => {
    const { a, b } = open();
    const { id } = await ask({ a, b });
    await releaseRecords(a.parts, id);
    b.disk.fail(fault);
    await expect(b.take(a, 'release')).rejects.toMatchObject({ name: 'DiskFault' });
    await b.take(a, 'release');
    expect((await showSent(b, id)).state).toBe('released');
    expect((await b.outbox()).filter(({ kind }) => kind === 'delivery-receipt')).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it('comes back with its reason and note', async () => {
    const { a, b } = open();
    const { id } = await ask({ a, b });
    await refuseRequest(a.parts, id, '電話で相談済み');
    expect((await refuseRequest(a.parts, id)).state).toBe('refused');
    await b.take(a, 'refusal');
    const shown = await showSent(b, id);
    expect(shown).toMatchObject({ state: 'refused', refusal: { reason: 'refused_by_person', note: '電話で相談済み' } });
    expect(await a.outbox()).toHaveLength(1);
  });

  it('by anyone but the institution that was asked is refused', async () => {
    const { a, b } = open();
    const { id } = await ask({ a, b });
    const sent = (await b.parts.store.readSent(id))!;
    const refusal: Refusal = {
      ...{ version: 1, requestId: id, requestHash: sent.hash, reason: 'refused_by_person' },
      ...{ from: parties.east.member.id, to: parties.west.member.id, refusedAt: NOW.toISOString() },
    };
    await refuseRequest(a.parts, id);
    const envelope = await b.take(a, 'refusal');
    const forged = await signRefusal(refusal, parties.west.member.signing);
    const attempt = b.handlers.refusal({ ...envelope, id: createId() }, forged);
    await expect(attempt).rejects.toMatchObject({ code: 'release_signature_invalid' });
  });

  it.each(WRITE_FAULTS)('leaves once and arrives once when a write was %s', async (fault) => {
    const { a, b } = open();
    const { id } = await ask({ a, b });
    a.disk.fail(fault);
    await expect(refuseRequest(a.parts, id)).rejects.toMatchObject({ name: 'DiskFault' });
    await refuseRequest(a.parts, id);
    expect(await a.outbox()).toHaveLength(1);
    b.disk.fail(fault);
    await expect(b.take(a, 'refusal')).rejects.toMatchObject({ name: 'DiskFault' });
    await b.take(a, 'refusal');
    expect((await showSent(b, id)).state).toBe('refused');
  });
});

describe('a delivery receipt', () => {
  async function released() {
    const { a, b } = open();
    const { id } = await ask({ a, b });
    await releaseRecords(a.parts, id);
    await b.take(a, 'release');
    const [line] = await a.parts.store.listSendLog({ limit: 9 });
    const receipt: DeliveryReceipt = {
      ...{ version: 1, releaseId: line!.releaseId, releaseHash: line!.releaseHash, receivedAt: NOW.toISOString() },
      ...{ from: parties.west.member.id, to: parties.east.member.id },
    };
    const envelope = await b.take(a, 'release');
    const incoming = { ...envelope, id: createId(), from: parties.west.member.id, to: parties.east.member.id };
    return { a, b, deliver: (jws: string) => a.handlers['delivery-receipt'](incoming, jws), receipt };
  }

  it.each([
    ['something that was not sent', { releaseId: createId() }],
    ['other bytes', { releaseHash: 'x'.repeat(43) }],
    ['another recipient', { to: 'sakura/9999999999' }],
    ['another sender', { from: 'hoshi/9999999999' }],
  ])('for %s is refused', async (_what, change) => {
    const { deliver, receipt, a } = await released();
    const jws = await signDelivery({ ...receipt, ...change }, parties.west.member.signing);
    await expect(deliver(jws)).rejects.toMatchObject({ code: 'release_not_requested' });
    expect(await showLog(a)).toMatchObject([{ deliveryReceipt: null, deliveredAt: null }]);
  });

  it('signed by anyone but the recipient is refused', async () => {
    const { deliver, receipt } = await released();
    const jws = await signDelivery(receipt, parties.east.member.signing);
    await expect(deliver(jws)).rejects.toMatchObject({ code: 'release_signature_invalid' });
  });

  it.each(WRITE_FAULTS)('completes the send log once when it was %s', async (fault) => {
    const { a, b } = await released();
    a.disk.fail(fault);
    await expect(a.take(b, 'delivery-receipt')).rejects.toMatchObject({ name: 'DiskFault' });
    await a.take(b, 'delivery-receipt');
    expect(await showLog(a)).toMatchObject([{ deliveredAt: NOW.toISOString() }]);
  });
});

describe('what a doctor sees of a request', () => {
  it('follows its envelope until there is an answer', async () => {
    const { b } = open();
    const { id, envelopeId } = await postRequest(b.parts, await requestJws());
    const note = (state: 'accepted' | 'acknowledged') =>
      b.store.noteState(envelopeId, state, { receipts: [`receipt ${state}`], lookAgain: NOW });
    await note('accepted');
    expect(await showSent(b, id)).toMatchObject({ state: 'sent', envelopeState: 'accepted' });
    await note('acknowledged');
    expect(await showSent(b, id)).toMatchObject({
      state: 'waiting',
      receipts: ['receipt accepted', 'receipt acknowledged'],
    });
  });

  it.each([
    ['refused', { state: 'refused', refusal: { reason: 'recipient_unknown', note: null } }],
    ['expired', { state: 'expired', refusal: null }],
  ] as const)('says when its envelope was %s', async (state, shown) => {
    const { b } = open();
    const { id, envelopeId } = await postRequest(b.parts, await requestJws());
    const reason = state === 'refused' ? 'recipient_unknown' : undefined;
    await b.store.noteState(envelopeId, state, { receipts: [], reason, lookAgain: NOW });
    expect(await showSent(b, id)).toMatchObject(shown);
  });
});
