import { describe, expect, it } from 'vitest';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import { createDecryptionJwk, importDecryptionKey, publicPart } from '#api/contract/jose.ts';
import { openLetter } from '#api/contract/open-letter.ts';
import { Copies } from '#lib/offline/copies.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { createSealer, openStorageKey } from '#lib/offline/sealer.ts';
import { writeLetter } from '#lib/visits/letters.ts';
import { toLocalVisit } from '#lib/visits/local-visit.ts';
import { createOutbox } from '#lib/visits/outbox.ts';
import { createVisitCopies } from '#lib/visits/visit-copies.ts';
import { createSubmission, createView } from './sample-visits.ts';

const NOON = new Date('2026-11-22T03:00:00Z');
const gateway = await importDecryptionKey(await createDecryptionJwk());
const letterKey = EcPublicJwk.parse(publicPart(gateway.publicJwk));
const newKey = () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

/** A device; `known.key` is the gateway's key once it was heard. */
function open(now = NOON, store = createMemoryStore()) {
  const known: { key: EcPublicJwk | undefined } = { key: letterKey };
  const copies = new Copies();
  const visits = createVisitCopies(store, copies, () => now);
  const outbox = createOutbox({ store, copies: visits, write: (submission) => writeLetter(submission, known.key) });
  return { store, copies, visits, outbox, known };
}

describe('a submission', () => {
  it('lies in a letter that nobody on the device can read, oldest first', async () => {
    const { store, outbox } = open();
    const later = createSubmission(2_000_000_000);
    const earlier = createSubmission(1_000_000_000);
    await outbox.add(later);
    await outbox.add(earlier);
    const { entries } = await outbox.list();
    expect(entries.map(({ submissionId }) => submissionId)).toEqual([earlier.submissionId, later.submissionId]);
    expect(entries.map(({ submission }) => submission)).toEqual([undefined, undefined]);
    expect(await openLetter(entries[0]!.letter!, [gateway])).toEqual(earlier);
    expect(JSON.stringify(await store.readAll('outbox'))).not.toContain(earlier.presence);
    expect(await store.readKey('storage')).toBeUndefined();
  });

  it('is named by the moment of the card proof, not by the clock of the moment it is read', async () => {
    expect((await open().outbox.add(createSubmission(1_795_392_000))).presentedAt).toBe('2026-11-23T00:00:00.000Z');
  });

  it('remembers why it still waits', async () => {
    const { outbox } = open();
    await outbox.note(await outbox.add(createSubmission()), 'terminal_unknown');
    expect((await outbox.list()).entries.map(({ problem }) => problem)).toEqual(['terminal_unknown']);
  });

  it('waits under the device key until the gateway key is known, and then goes into a letter', async () => {
    const { store, outbox, known } = open();
    known.key = undefined;
    const submission = createSubmission();
    await outbox.add(submission);
    await outbox.carryOver();
    expect((await outbox.list()).entries).toMatchObject([{ submission }]);
    known.key = letterKey;
    await outbox.carryOver();
    const { entries } = await outbox.list();
    expect(entries[0]).not.toHaveProperty('submission');
    expect(await openLetter(entries[0]!.letter!, [gateway])).toEqual(submission);
    expect(await store.readKey('storage')).toBeUndefined();
  });

  it('is counted when it cannot be read, and stays', async () => {
    const { store, outbox, known } = open();
    known.key = undefined;
    const damaged = await outbox.add(createSubmission(1_000_000_000));
    await outbox.add(createSubmission(2_000_000_000));
    const [record] = await store.readAll('outbox');
    if (!record || !('content' in record)) throw new TypeError('sealed by the device');
    const content = record.content.with(0, record.content[0]! ^ 1);
    await store.write([{ kind: 'put', table: 'outbox', record: { ...record, content } }]);
    const { entries, unreadable } = await outbox.list();
    expect([entries.length, unreadable]).toEqual([1, 1]);
    await outbox.carryOver();
    expect((await store.readAll('outbox')).map(({ id }) => id)).toContain(damaged.submissionId);
    expect(await store.readKey('storage')).toBeDefined();
  });
});

describe('an answered visit', () => {
  it('moves to the copies of whoever is signed in, sealed under their key', async () => {
    const { store, copies, outbox, visits } = open();
    copies.begin('A', createSealer(await newKey()));
    const submission = createSubmission();
    await outbox.add(submission);
    const visit = toLocalVisit(createView(submission));
    await outbox.settle(visit);
    expect((await outbox.list()).entries).toEqual([]);
    expect(await visits.list()).toEqual([visit]);
    expect(JSON.stringify(await store.readAll('visits'))).not.toContain('野々山');
    copies.end();
    expect(await visits.list()).toEqual([]);
    copies.begin('B', createSealer(await newKey()));
    expect(await visits.list()).toEqual([]);
  });

  it('stays in memory for somebody who has no vault, and is gone at the lock', async () => {
    const { store, copies, visits } = open();
    copies.begin('A');
    const visit = toLocalVisit(createView(createSubmission()));
    await visits.keep([visit], new Date(0));
    expect(await visits.list()).toEqual([visit]);
    expect(await store.readAll('visits')).toEqual([]);
    copies.end();
    copies.begin('A');
    expect(await visits.list()).toEqual([]);
  });

  it('leaves nothing of a person behind when nobody is signed in', async () => {
    const { store, outbox, visits } = open();
    const submission = createSubmission();
    await outbox.add(submission);
    await outbox.settle(toLocalVisit(createView(submission)));
    expect([await store.readAll('visits'), await visits.list()]).toEqual([[], []]);
  });

  it('that was refused while nobody was signed in is seen by whoever comes, also days later', async () => {
    const { copies, outbox, visits } = open();
    const old = createSubmission(1_700_000_000);
    const { submissionId, presentedAt } = await outbox.add(old);
    await outbox.settle({ submissionId, presentedAt, view: null, problem: 'presence_stale', isWaiting: false });
    copies.begin('A', createSealer(await newKey()));
    await visits.keep([], new Date('2026-11-21T15:00:00Z'));
    expect((await visits.list()).map(({ problem }) => problem)).toEqual(['presence_stale']);
  });

  it('goes with its day, while what waits stays', async () => {
    const key = await newKey();
    const yesterday = open(new Date('2026-11-21T03:00:00Z'));
    yesterday.copies.begin('A', createSealer(key));
    await yesterday.visits.keep([toLocalVisit(createView(createSubmission()))], new Date(0));
    await yesterday.outbox.add(createSubmission(1_000_000_000));
    const today = open(NOON, yesterday.store);
    today.copies.begin('A', createSealer(key));
    const fresh = toLocalVisit(createView(createSubmission()));
    await today.visits.keep([fresh], new Date('2026-11-21T15:00:00Z'));
    expect(await today.visits.list()).toEqual([fresh]);
    expect((await today.outbox.list()).entries).toHaveLength(1);
  });
});

it('carries over what the first version of the store held', async () => {
  const { store, copies, outbox, visits } = open();
  const device = createSealer(await openStorageKey(store));
  const submission = createSubmission();
  const entry = { submission, presentedAt: '2026-11-23T00:00:00.000Z', problem: null };
  const visit = toLocalVisit(createView(createSubmission()));
  await store.write([
    {
      ...{ kind: 'put', table: 'outbox' },
      record: await device.seal('outbox', submission.submissionId, new Date(entry.presentedAt), entry),
    },
    { ...{ kind: 'put', table: 'visits' }, record: await device.seal('visits', visit.submissionId, NOON, visit) },
  ]);
  await outbox.carryOver();
  expect(await openLetter((await outbox.list()).entries[0]!.letter!, [gateway])).toEqual(submission);
  expect(await visits.list()).toEqual([]);
  copies.begin('A', createSealer(await newKey()));
  expect(await visits.list()).toEqual([visit]);
  await visits.keep([visit], new Date(0));
  await outbox.carryOver();
  expect(await store.readKey('storage')).toBeUndefined();
  expect(await visits.list()).toEqual([visit]);
});
