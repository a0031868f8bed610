import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HpkiPersonalisation } from 'webusb-ccid/simulated';
import { readAccessEvent } from '#api/contract/access-event.ts';
import { toAuditBundle } from '#api/contract/audit-event.ts';
import { createId } from '#api/contract/ids.ts';
import type { PolicyRule } from '#api/contract/policy.ts';
import type { RecordKind } from '#api/contract/record-kind.ts';
import type { ShareRequest } from '#api/contract/share-request.ts';
import { readVisitRecord } from '#api/contract/visit-record.ts';
import { createFhirValidator } from '#api/records/fhir-validator.ts';
import { postDispensing } from '#api/sharing/dispensing.ts';
import { toInboxRequest } from '#api/sharing/inbox-view.ts';
import { changePolicy, FIRST_POLICY, tryPolicy, viewPolicy } from '#api/sharing/policy-in-force.ts';
import { postRequest } from '#api/sharing/post-request.ts';
import { refuseRequest } from '#api/sharing/refusal.ts';
import { releaseRecords } from '#api/sharing/release.ts';
import { toSentRequest } from '#api/sharing/sent-request-view.ts';
import { settleRequest } from '#api/sharing/settle-inbox.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { createClock, createParties, DAY_MS, later, NOW } from '../parties/parties.ts';
import { sharedWorld, WORLD_TIMEOUT_MS } from '../synthetic/shared-world.ts';
import {
  createGateway,
  documentOf,
  draftFromB,
  emergencyFromB,
  signAs,
  SUBJECT,
  trustOf,
  visitAtA,
  withdrawalAtB,
  type Parties,
} from './sharing-fixture.ts';

let world: SyntheticWorld;
let parties: Parties;
let doctor: HpkiPersonalisation;
let record: string;
let visitId: string;
let clock = createClock();

beforeAll(async () => {
  [world, parties] = await Promise.all([sharedWorld(), createParties()]);
  doctor = world.cards.hpki[0]!;
  record = await visitAtA(parties);
  visitId = readVisitRecord(record).id;
}, WORLD_TIMEOUT_MS);
beforeEach(() => (clock = createClock()));

function open(kinds: readonly RecordKind[] = ['laboratory']) {
  const shared = { parties, now: clock.now, signers: trustOf(world) };
  const documents = kinds.map((kind) => documentOf(visitId, kind));
  const a = createGateway({ ...shared, self: parties.east, documents });
  const b = createGateway({ ...shared, self: parties.west });
  return { a, b, documents };
}
type Gateway = ReturnType<typeof createGateway>;

const rule = (effect: PolicyRule['effect'], change: Partial<PolicyRule> = {}): PolicyRule => ({
  ...{ id: createId(), effect, kinds: [], roles: [], requesters: [], purposes: [], age: { kind: 'any' } },
  ...change,
});
const by = { terminal: '受付', at: NOW };
async function save(a: Gateway, rules: readonly PolicyRule[]) {
  const { current } = await viewPolicy(a.policies);
  return changePolicy(a.policies, { basedOn: current.version, rules, author: '医事課 一郎' }, by);
}

async function ask({ a, b }: { readonly a: Gateway; readonly b: Gateway }, change: Partial<ShareRequest> = {}) {
  const { id } = await postRequest(b.parts, signAs(doctor, await draftFromB(parties, { visits: [record], ...change })));
  await a.take(b, 'share-request');
  return id;
}
async function breakGlass({ a, b }: { readonly a: Gateway; readonly b: Gateway }, change: Partial<ShareRequest> = {}) {
  const { id } = await postRequest(b.parts, signAs(doctor, await emergencyFromB(parties, change)));
  await a.take(b, 'share-request');
  return id;
}
const inbox = async (a: Gateway, id: string) => toInboxRequest((await a.parts.store.readInbox(id))!, a.parts.records);
const sent = async (b: Gateway, id: string) =>
  toSentRequest((await b.parts.store.readSent(id))!, undefined, clock.now());
const eventsOf = async (a: Gateway) =>
  (await a.parts.accessOutbox.list()).map(({ jws }) => readAccessEvent(jws)).reverse();

describe('a policy in force', () => {
  it('begins with a person who decides everything, and keeps who changed what', async () => {
    const { a } = open();
    expect(await viewPolicy(a.policies)).toEqual({ current: FIRST_POLICY, history: [FIRST_POLICY] });
    const first = await save(a, [rule('ask')]);
    const second = await save(a, []);
    expect(second.history).toEqual([second.current, first.current, FIRST_POLICY]);
    expect(second.current).toMatchObject({ version: 2, author: '医事課 一郎', terminal: '受付', rules: [] });
    const stale = changePolicy(a.policies, { basedOn: 1, rules: [], author: 'x' }, by);
    await expect(stale).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lets a request go by itself, marked so in the send log', async () => {
    const { a, b } = open();
    await save(a, [rule('release', { requesters: ['hoshi'], kinds: ['laboratory'] }), rule('ask')]);
    const id = await ask({ a, b }, {});
    const network = parties.west.member.id.split('/')[0];
    const expected = network === 'hoshi' ? 'released' : 'open';
    expect((await inbox(a, id)).state).toBe(expected);
    await save(a, [rule('release')]);
    const next = await ask({ a, b });
    expect(await inbox(a, next)).toMatchObject({ state: 'released', answeredBy: 'policy' });
    expect((await a.parts.store.listSendLog({ limit: 9 }))[0]).toMatchObject({
      requestId: next,
      by: 'policy',
      policyVersion: 2,
    });
    await b.take(a, 'release');
    expect((await sent(b, next)).state).toBe('released');
  });

  it('refuses by itself, and says why', async () => {
    const { a, b } = open();
    await save(a, []);
    const id = await ask({ a, b });
    expect(await inbox(a, id)).toMatchObject({
      state: 'refused',
      answeredBy: 'policy',
      decision: { effect: 'refuse' },
    });
    await b.take(a, 'refusal');
    expect((await sent(b, id)).refusal).toEqual({ reason: 'policy_refused', note: null });
  });

  it('holds back what it refuses, and says that it does', async () => {
    const { a, b } = open(['laboratory', 'referral']);
    await save(a, [rule('ask', { kinds: ['laboratory'] })]);
    const id = await ask({ a, b }, { kinds: ['laboratory', 'referral'] });
    await releaseRecords(a.parts, id);
    await b.take(a, 'release');
    expect(await sent(b, id)).toMatchObject({ documents: [{ kind: 'laboratory' }], withheld: ['referral'] });
    expect((await a.parts.store.listSendLog({ limit: 9 }))[0]).toMatchObject({
      documents: 1,
      withheld: ['referral'],
      by: 'person',
    });
  });

  it('tells data by its age', async () => {
    const { a, b } = open();
    await save(a, [rule('release', { age: { kind: 'within', days: 30 } })]);
    const old = await visitAtA(parties, { id: visitId, presentedAt: later(-40 * DAY_MS).toISOString() });
    expect((await inbox(a, await ask({ a, b }, { visits: [old] }))).state).toBe('refused');
    expect((await inbox(a, await ask({ a, b }))).state).toBe('released');
  });

  it('is asked again when a person lets go what it no longer allows', async () => {
    const { a, b } = open();
    const id = await ask({ a, b });
    await save(a, []);
    await expect(releaseRecords(a.parts, id)).rejects.toMatchObject({ code: 'policy_refused' });
  });

  it('is tried on the past month, and changes nothing by it', async () => {
    const { a, b } = open();
    const id = await ask({ a, b });
    const trial = await tryPolicy(a.parts, [rule('release', { roles: ['Pharmacist'] })]);
    expect(trial).toMatchObject({
      requests: [{ id, now: 'ask', state: 'open', tried: { effect: 'refuse' } }],
      unchecked: 0,
    });
    expect((await inbox(a, id)).state).toBe('open');
    clock.set(later(40 * DAY_MS));
    expect((await tryPolicy(a.parts, [])).requests).toEqual([]);
  });
});

describe('a consent that was withdrawn', () => {
  it('stops a request at the requester, in the inbox and at the click', async () => {
    const { a, b } = open();
    const id = await ask({ a, b });
    const withdrawal = await withdrawalAtB(parties);
    a.withdrawals.push(withdrawal);
    await expect(releaseRecords(a.parts, id)).rejects.toMatchObject({ code: 'consent_withdrawn' });
    await settleRequest(a.parts, (await a.parts.store.readInbox(id))!);
    expect(await inbox(a, id)).toMatchObject({ state: 'refused' });
    await b.take(a, 'refusal');
    expect((await sent(b, id)).refusal).toMatchObject({ reason: 'consent_withdrawn' });
    b.withdrawals.push(withdrawal);
    await expect(ask({ a, b })).rejects.toMatchObject({ code: 'consent_withdrawn' });
  });

  it('is not ended by anybody else, for somebody else, or before it was given', async () => {
    const { a, b } = open();
    a.withdrawals.push(
      await withdrawalAtB(parties, { iat: NOW.getTime() / 1000 - 60 }),
      await withdrawalAtB(parties, { withdraws: { recipient: 'umi/1310000012' } }),
      { ...(await withdrawalAtB(parties)), presence: 'a.b.c' },
    );
    const id = await ask({ a, b });
    expect((await releaseRecords(a.parts, id)).state).toBe('released');
  });

  it('leaves nothing to go while nobody can say whether it stands', async () => {
    const { a, b } = open();
    const id = await ask({ a, b });
    const unreachable = () => Promise.reject(new TypeError('no answer'));
    await expect(releaseRecords({ ...a.parts, fetchWithdrawals: unreachable }, id)).rejects.toThrow();
    expect(await a.outbox()).toEqual([]);
  });
});

describe('an emergency without consent', () => {
  it('raises an alarm that must be seen before a person lets anything go', async () => {
    const { a, b } = open();
    const id = await breakGlass({ a, b });
    expect(await inbox(a, id)).toMatchObject({
      ...{ state: 'open', basis: 'emergency', reason: '意識がない', alarm: { acknowledgedAt: null } },
      visits: [{ visitId, documents: 1 }],
    });
    await expect(releaseRecords(a.parts, id)).rejects.toMatchObject({ code: 'alarm_open' });
    await a.parts.store.acknowledgeAlarm(id, { by: '医事課 一郎', at: NOW });
    await releaseRecords(a.parts, id);
    await b.take(a, 'release');
    expect(await sent(b, id)).toMatchObject({ state: 'released', basis: 'emergency', documents: [{ visitId }] });
    expect(await eventsOf(a)).toMatchObject([
      { action: 'emergency_asked', subject: SUBJECT, basis: 'emergency', consent: null },
      { action: 'released', by: 'person', documents: 1 },
    ]);
    expect((await a.parts.store.listSendLog({ limit: 9 }))[0]).toMatchObject({ basis: 'emergency', consent: null });
  });

  it('is decided by the policy, and alarms all the same', async () => {
    const { a, b } = open();
    await save(a, [rule('refuse', { purposes: ['break_glass'] }), rule('release')]);
    const refused = await inbox(a, await breakGlass({ a, b }));
    expect(refused).toMatchObject({ state: 'refused', alarm: { acknowledgedAt: null } });
    await save(a, [rule('release', { purposes: ['break_glass'] })]);
    expect(await inbox(a, await breakGlass({ a, b }))).toMatchObject({ state: 'released', answeredBy: 'policy' });
  });

  it('needs the patient there, now, and a reason', async () => {
    const { a, b } = open();
    const west = parties.west;
    const attendance = (change: Parameters<typeof visitAtA>[1], key = west.key) =>
      visitAtA(parties, { iss: 'west', institution: west.member.id, ...change }, key);
    const attempts = [
      { attendance: await attendance({ acceptedAt: later(-DAY_MS).toISOString() }) },
      { attendance: await attendance({ institution: parties.east.member.id }) },
      { attendance: await attendance({}, parties.east.key) },
    ];
    for (const change of attempts) {
      await expect(breakGlass({ a, b }, change)).rejects.toMatchObject({ code: 'attendance_invalid' });
    }
    const { task, ...rest } = await emergencyFromB(parties);
    const mute = signAs(doctor, { ...rest, task: { ...task, reasonCode: { text: ' ' } } });
    await expect(postRequest(b.parts, mute)).rejects.toMatchObject({ code: 'request_malformed' });
    const calm = signAs(doctor, { ...rest, task, purpose: 'treatment' });
    await expect(postRequest(b.parts, calm)).rejects.toMatchObject({ code: 'request_malformed' });
  });
});

describe('a prescription', () => {
  async function released() {
    const both = open(['prescription']);
    const id = await ask(both, { kinds: ['prescription'] });
    await releaseRecords(both.a.parts, id);
    await both.b.take(both.a, 'release');
    return { ...both, id, documentId: both.documents[0]!.id };
  }

  it('is used up by one dispensing answer, which the patient sees', async () => {
    const { a, b, id, documentId } = await released();
    await postDispensing(b.parts, id, documentId);
    expect(await postDispensing(b.parts, id, documentId)).toMatchObject({ documentId });
    await a.take(b, 'dispensing');
    const use = (await a.parts.dispensings.readUses([documentId])).get(documentId);
    expect(use).toEqual({ at: NOW.toISOString(), by: parties.west.member.id });
    expect((await eventsOf(a)).at(-1)).toMatchObject({ action: 'dispensed', to: parties.west.member.id });
  });

  it('is refused a second time, whoever asks', async () => {
    const { a, b, id, documentId } = await released();
    const again = await ask({ a, b }, { kinds: ['prescription'] });
    await releaseRecords(a.parts, again);
    await b.take(a, 'release');
    await postDispensing(b.parts, id, documentId);
    await a.take(b, 'dispensing');
    await postDispensing(b.parts, again, documentId);
    await expect(a.take(b, 'dispensing')).rejects.toMatchObject({ code: 'prescription_used' });
    const third = await ask({ a, b }, { kinds: ['prescription'] });
    await releaseRecords(a.parts, third);
    await b.take(a, 'release');
    expect((await sent(b, third)).documents[0]?.used).toMatchObject({ by: parties.west.member.id });
    const late = postDispensing(b.parts, third, documentId);
    await expect(late).rejects.toMatchObject({ code: 'prescription_used' });
  });

  it('that never came here cannot be dispensed', async () => {
    const { b, id } = await released();
    await expect(postDispensing(b.parts, id, createId())).rejects.toMatchObject({ code: 'not_found' });
    await expect(postDispensing(b.parts, createId(), createId())).rejects.toMatchObject({ code: 'not_found' });
  });
});

it('says in valid FHIR AuditEvents what happened', async () => {
  const { a, b } = open();
  await refuseRequest(a.parts, await ask({ a, b }));
  await releaseRecords(a.parts, await ask({ a, b }));
  const events = await eventsOf(a);
  expect(events).toMatchObject([
    { action: 'refused', refusal: 'refused_by_person' },
    { action: 'released', doctor: { role: 'Medical Doctor' } },
  ]);
  const fhir = createFhirValidator();
  for (const { resource } of toAuditBundle(events).entry) await fhir.requireValid(resource);
});

it('sends what is about an emergency before everything else, both ways', async () => {
  const sentAs = async (of: Gateway, kind: string) =>
    (await of.outbox()).filter((mail) => mail.kind === kind).map(({ priority }) => priority);
  const { task } = await draftFromB(parties);
  const emergency = { purpose: 'emergency', task: { ...task, reasonCode: { text: '救急搬送' } } } as const;
  const [calm, urgent, unasked] = [open(), open(), open()];
  await releaseRecords(calm.a.parts, await ask(calm));
  await releaseRecords(urgent.a.parts, await ask(urgent, emergency));
  await breakGlass(unasked);
  expect([await sentAs(calm.b, 'share-request'), await sentAs(calm.a, 'release')]).toEqual([['normal'], ['normal']]);
  expect([await sentAs(urgent.b, 'share-request'), await sentAs(urgent.a, 'release')]).toEqual([
    ['urgent'],
    ['urgent'],
  ]);
  expect(await sentAs(unasked.b, 'share-request')).toEqual(['urgent']);
});
