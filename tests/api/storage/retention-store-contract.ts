import { describe, expect, it } from 'vitest';
import { assemblePresenceProof, encodePresenceSigningInput } from '#api/contract/presence-proof.ts';
import { createId } from '#api/contract/ids.ts';
import type { Cutoffs, ExchangeClass, GatewayClass, RetentionStore } from '#api/storage/retention.ts';
import { DAY_MS, later, NOW } from '../parties/parties.ts';

type Row = Readonly<Record<string, string | number | Uint8Array | null>>;

/** A driver's store with its tables: rows go in as they lie there, and the names of those that are left come out. */
export interface OpenedRetention<Class extends string> {
  readonly store: RetentionStore<Class>;
  readonly insert: (table: string, row: Row) => Promise<void>;
  readonly names: (table: string, column: string) => Promise<readonly string[]>;
}

const A = 'sakura/1310000012';
const at = (days: number) => later(days * DAY_MS).getTime();
const OLD = at(-100);
const NEW = at(-10);
/** Everything older than thirty days. */
const all = <Class extends string>(classes: readonly Class[], change: Partial<Record<Class, Date>> = {}) =>
  ({ ...Object.fromEntries(classes.map((name) => [name, later(-30 * DAY_MS)])), ...change }) as Cutoffs<Class>;

const visit = (id: string, received: number, subject: string | null, state = 'recorded'): Row => ({
  ...{ submission_id: id, visit_id: `v-${id}`, submission_hash: 'h', state, presented_at: received },
  ...{ received_at: received, coverage: '{}', subject },
});
const document = (id: string, of: string, registered: number): Row => ({
  ...{
    visit_id: `v-${of}`,
    id,
    kind: 'laboratory',
    registered_at: registered,
    resources: 1,
    bundle_hash: id,
    bundle: '{}',
  },
});

/** What every driver of a gateway's retention must do. */
export function testGatewayRetention(open: () => Promise<OpenedRetention<GatewayClass>>): void {
  const classes = ['records', 'visits', 'received', 'inbox', 'sendLog', 'envelopes', 'sessions'] as const;
  const NOTHING = { records: 0, visits: 0, received: 0, inbox: 0, sendLog: 0, envelopes: 0, sessions: 0 };

  async function withVisits() {
    const opened = await open();
    const rows = [
      visit('gone', OLD, 'p1'),
      visit('came-again', OLD, 'p2'),
      visit('again', NEW, 'p2'),
      visit('kept', OLD, null, 'kept'),
      visit('refused', OLD, null, 'refused'),
      visit('in-bed', OLD, 'p3'),
    ];
    for (const row of rows) await opened.insert('gateway_visit', row);
    await opened.insert('bed', { id: 'b', ward: 'w', name: '1', visit_id: 'v-in-bed', subject: 'p3', since: OLD });
    for (const of of ['gone', 'came-again']) await opened.insert('record_document', document(`d-${of}`, of, OLD));
    return opened;
  }

  it('lets go of visits and documents of who was not here since, and of nothing that has work before it', async () => {
    const { store, names } = await withVisits();
    const counts = { ...NOTHING, records: 1, visits: 2 };
    expect(await store.countOver(all(classes))).toEqual(counts);
    expect(await names('gateway_visit', 'submission_id')).toHaveLength(6);
    expect(await store.purge(all(classes))).toEqual(counts);
    expect(await names('gateway_visit', 'submission_id')).toEqual(['again', 'came-again', 'in-bed', 'kept']);
    expect(await names('record_document', 'id')).toEqual(['d-came-again']);
    expect(await store.purge(all(classes))).toEqual(NOTHING);
  });

  it('keeps a visit as long as a document of it, and everything of a class without an end', async () => {
    const { store, names } = await withVisits();
    const forever = all(classes, { records: new Date(0) });
    expect(await store.countOver(forever)).toEqual({ ...NOTHING, visits: 1 });
    expect(await store.purge(forever)).toEqual({ ...NOTHING, visits: 1 });
    expect(await names('record_document', 'id')).toHaveLength(2);
    const nothing = Object.fromEntries(classes.map((name) => [name, new Date(0)])) as Cutoffs<GatewayClass>;
    expect(await store.purge(nothing)).toEqual(NOTHING);
  });

  it('lets go of what was sent and received, by its own age', async () => {
    const { store, insert, names } = await open();
    const envelope = (id: string, state: string | null, ended: number | null): Row => ({
      ...{
        id,
        recipient: A,
        kind: 'share-request',
        conversation: 'c',
        created: OLD,
        expires: OLD + DAY_MS,
        digest: 'd',
      },
      ...{ seal: 's', state, receipts: '[]', look_again: 0, size: 1, priority: 'normal', lane: 1, ended },
    });
    await insert('outbox', envelope('old', 'acknowledged', OLD));
    await insert('outbox', envelope('on-its-way', 'forwarded', null));
    await insert('outbox', envelope('lately', 'refused', NEW));
    await insert('outbox_body', { id: 'old', body: 'b' });
    await insert('outbox_body', { id: 'lately', body: 'b' });
    for (const [id, time] of [
      ['h-old', OLD],
      ['h-new', NEW],
    ] as const)
      await insert('handled_envelope', { id, at: time });
    await insert('access_outbox', { id: 'untold', jws: 'j', taken_at: null });
    const request = (id: string, answered: number | null): Row => ({
      ...{ id, hash: 'h', request: 'r', subject: 's', envelope_id: 'on-its-way', answered_at: answered },
    });
    for (const [id, time] of [
      ['r-old', OLD],
      ['r-new', NEW],
      ['r-never', null],
    ] as const) {
      await insert('sent_request', request(id, time));
    }
    for (const [id, time] of [
      ['i-old', OLD],
      ['i-new', NEW],
    ] as const) {
      await insert('inbox_request', {
        ...{ id, hash: 'h', request: 'r', sender: A, received_at: time, checks: '[]', state: 'released' },
      });
    }
    await insert('send_log', {
      ...{ release_id: 'l', release_hash: 'h', request_id: 'r', recipient: A, doctor: '{}', subject: 's', kinds: '[]' },
      ...{
        documents: 1,
        released_at: OLD,
        envelope_id: 'e',
        answered_by: '{}',
        basis: '{}',
        withheld: '[]',
        event_id: 'e',
      },
    });

    const forever = all(classes, { sendLog: new Date(0) });
    expect(await store.purge(forever)).toEqual({ ...NOTHING, envelopes: 2, received: 2, inbox: 1 });
    expect(await names('outbox', 'id')).toEqual(['lately', 'on-its-way']);
    expect(await names('outbox_body', 'id')).toEqual(['lately']);
    expect(await names('sent_request', 'id')).toEqual(['r-new']);
    expect(await names('access_outbox', 'id')).toEqual(['untold']);
    expect(await store.purge(all(classes))).toEqual({ ...NOTHING, sendLog: 1 });
  });

  it('lets go of sessions, codes and challenges that ended', async () => {
    const { store, insert, names } = await open();
    await insert('terminal', { id: 't', key: '{}', name: 'n', enrolled_at: OLD });
    for (const [name, expires] of [
      ['old', OLD],
      ['new', NEW],
    ] as const) {
      await insert('terminal_session', { token_hash: name, terminal: 't', assertion: name, expires });
      await insert('terminal_code', { hash: name, receives: 1, expires });
      await insert('staff_challenge', { challenge: name, terminal: 't', expires });
    }
    expect(await store.purge(all(classes))).toEqual({ ...NOTHING, sessions: 3 });
    expect(await names('terminal_session', 'token_hash')).toEqual(['new']);
    expect(await names('terminal', 'id')).toEqual(['t']);
  });

  it('lets go of more than one batch', async () => {
    const { store, insert, names } = await open();
    for (let n = 0; n < 501; n += 1) await insert('handled_envelope', { id: `e${n}`, at: OLD });
    expect(await store.purge(all(classes))).toEqual({ ...NOTHING, envelopes: 501 });
    expect(await names('handled_envelope', 'id')).toEqual([]);
  });
}

/** As a card signs it, with a signature of zeros: an exchange verified it when it was stored. */
const consentUntil = (expires: number) =>
  assemblePresenceProof(
    encodePresenceSigningInput({
      ...{ version: 1, jti: createId(), iss: 'A'.repeat(43), actorId: A, aud: 'east', iat: 1_700_000_000 },
      ...{ purpose: 'history', proofMethod: 'mynumber-tap', certHash: 'A'.repeat(43) },
      scope: { recipient: A, kinds: ['laboratory'], expires: new Date(expires).toISOString() },
      freshness: { kind: 'challenge', challenge: 'A'.repeat(43) },
    }),
    new Uint8Array(256),
  );

/** What every driver of an exchange's retention must do. */
export function testExchangeRetention(open: () => Promise<OpenedRetention<ExchangeClass>>): void {
  const classes = ['envelopes', 'consents', 'challenges', 'proofs'] as const;

  it('lets go of envelopes that ended, with their receipts, and of no other', async () => {
    const { store, insert, names } = await open();
    let arrival = 0;
    const envelope = (id: string, state: string, changed: number, expires: number): Row => ({
      ...{
        recipient: A,
        id,
        arrival: (arrival += 1),
        digest: 'd',
        envelope: '{}',
        seal: 's',
        state,
        changed,
        expires,
        size: 1,
      },
      ...{ lane: 1, conversation: 'c' },
    });
    await insert('relay_envelope', envelope('old', 'acknowledged', OLD, OLD));
    await insert('relay_envelope', envelope('waiting', 'delivered', OLD, OLD));
    await insert('relay_envelope', envelope('lately', 'expired', NEW, OLD));
    // Whoever sends it again before that is told what became of it.
    await insert('relay_envelope', envelope('still-valid', 'acknowledged', OLD, at(1)));
    for (const id of ['old', 'lately']) {
      await insert('relay_receipt', { recipient: A, id, issuer: 'east', state: 'accepted', at: OLD, jws: 'j' });
    }
    const counts = { envelopes: 1, consents: 0, challenges: 0, proofs: 0 };
    expect(await store.countOver(all(classes))).toEqual(counts);
    expect(await store.purge(all(classes))).toEqual(counts);
    expect(await names('relay_envelope', 'id')).toEqual(['lately', 'still-valid', 'waiting']);
    expect(await names('relay_receipt', 'id')).toEqual(['lately']);
  });

  it('lets go of consents by the expiry that the card signed, and of challenges and used proofs', async () => {
    const { store, insert, names } = await open();
    const consents = [
      ['over', consentUntil(OLD)],
      ['lately', consentUntil(NEW)],
      ['unreadable', 'p.p.p'],
    ] as const;
    for (const [submission_id, presence] of consents) {
      await insert('consent', {
        ...{ institution: A, submission_id, submission_hash: 'h', subject: 's', presence, binding: 'b' },
      });
    }
    for (const [name, time] of [
      ['old', OLD],
      ['new', NEW],
    ] as const) {
      await insert('presence_challenge', {
        ...{
          challenge: name,
          institution: A,
          terminal: 't',
          purpose: 'visit',
          issued_at: time,
          expires: time + 60_000,
        },
      });
      await insert('enrolment_challenge', { challenge: name, institution: A, expires: time });
      await insert('presence_use', { id: name, used_at: time });
    }
    const counts = { envelopes: 0, consents: 1, challenges: 2, proofs: 1 };
    expect(await store.countOver(all(classes))).toEqual(counts);
    expect(await store.purge(all(classes))).toEqual(counts);
    expect(await names('consent', 'submission_id')).toEqual(['lately', 'unreadable']);
    expect(await names('presence_use', 'id')).toEqual(['new']);
    expect(await store.purge(all(classes))).toEqual({ envelopes: 0, consents: 0, challenges: 0, proofs: 0 });
  });

  it('leaves the evidence log alone, whatever its age', async () => {
    const { store, insert, names } = await open();
    await insert('evidence_checkpoint', { size: 1, root: new Uint8Array(32), signed_at: OLD, note: 'n' });
    await insert('evidence_leaf', { idx: 0, commitment: new Uint8Array(32) });
    await store.purge(all(classes, { envelopes: NOW, consents: NOW, challenges: NOW, proofs: NOW }));
    expect(await names('evidence_checkpoint', 'note')).toEqual(['n']);
    expect(await names('evidence_leaf', 'idx')).toHaveLength(1);
  });
}

/** Both roles of a driver. */
export function describeRetention(
  name: string,
  openGateway: () => Promise<OpenedRetention<GatewayClass>>,
  openExchange: () => Promise<OpenedRetention<ExchangeClass>>,
): void {
  describe(`a gateway's retention on ${name}`, () => testGatewayRetention(openGateway));
  describe(`an exchange's retention on ${name}`, () => testExchangeRetention(openExchange));
}
