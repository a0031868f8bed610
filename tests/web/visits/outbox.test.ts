import { expect, it } from 'vitest';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { createSealer, openStorageKey } from '#lib/offline/sealer.ts';
import { toLocalVisit } from '#lib/visits/local-visit.ts';
import { createOutbox } from '#lib/visits/outbox.ts';
import { createSubmission, createView } from './sample-visits.ts';

const NOON = new Date('2026-11-22T03:00:00Z');

async function open(now = NOON) {
  const store = createMemoryStore();
  const sealer = createSealer(await openStorageKey(store));
  return { store, sealer, outbox: createOutbox(store, sealer, () => now) };
}

it('keeps submissions byte for byte, oldest first', async () => {
  const { outbox } = await open();
  const later = createSubmission(2_000_000_000);
  const earlier = createSubmission(1_000_000_000);
  await outbox.add(later);
  await outbox.add(earlier);
  expect((await outbox.list()).entries.map(({ submission }) => submission)).toEqual([earlier, later]);
});

it('names the moment by the card proof, not by the clock of the moment it is read', async () => {
  const { outbox } = await open();
  expect((await outbox.add(createSubmission(1_795_392_000))).presentedAt).toBe('2026-11-23T00:00:00.000Z');
});

it('moves an answered submission to the visits', async () => {
  const { outbox } = await open();
  const submission = createSubmission();
  await outbox.add(submission);
  await outbox.settle(toLocalVisit(createView(submission)));
  expect((await outbox.list()).entries).toEqual([]);
  expect((await outbox.listVisits()).map(({ submissionId }) => submissionId)).toEqual([submission.submissionId]);
});

it('remembers why an entry still waits', async () => {
  const { outbox } = await open();
  const entry = await outbox.add(createSubmission());
  await outbox.note(entry, 'terminal_unknown');
  expect((await outbox.list()).entries.map(({ problem }) => problem)).toEqual(['terminal_unknown']);
});

it('forgets visits that were filed before today and keeps what waits', async () => {
  const { store, sealer, outbox } = await open(new Date('2026-11-21T03:00:00Z'));
  await outbox.keepVisits([toLocalVisit(createView(createSubmission()))], new Date(0));
  await outbox.add(createSubmission(1_000_000_000));

  const today = createOutbox(store, sealer, () => NOON);
  const fresh = toLocalVisit(createView(createSubmission()));
  await today.keepVisits([fresh], new Date('2026-11-21T15:00:00Z'));
  expect(await today.listVisits()).toEqual([fresh]);
  expect((await today.list()).entries).toHaveLength(1);
});

it('keeps a visit of days ago that was settled today, so that its refusal is seen', async () => {
  const { outbox } = await open();
  const old = createSubmission(1_700_000_000);
  const entry = await outbox.add(old);
  await outbox.settle({
    submissionId: old.submissionId,
    presentedAt: entry.presentedAt,
    view: null,
    problem: 'presence_stale',
    isWaiting: false,
  });
  await outbox.keepVisits([], new Date('2026-11-21T15:00:00Z'));
  expect((await outbox.listVisits()).map(({ problem }) => problem)).toEqual(['presence_stale']);
});

it('counts what it cannot read, keeps it, and reads the rest', async () => {
  const { store, outbox } = await open();
  const damaged = await outbox.add(createSubmission(1_000_000_000));
  await outbox.add(createSubmission(2_000_000_000));
  const [record] = await store.readAll('outbox');
  const content = record!.content.with(0, record!.content[0]! ^ 1);
  await store.write([{ kind: 'put', table: 'outbox', record: { ...record!, content } }]);

  const { entries, unreadable } = await outbox.list();
  expect([entries.length, unreadable]).toEqual([1, 1]);
  expect((await store.readAll('outbox')).map(({ id }) => id)).toContain(damaged.submission.submissionId);
});
