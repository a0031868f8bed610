import { describe, expect, it } from 'vitest';
import type { VisitView } from '#api/contract/visits-api.ts';
import { PresenceSubmission } from '#api/contract/presence-proof.ts';
import { Problem } from '#api/contract/problem.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { Copies } from '#lib/offline/copies.ts';
import { createMemoryLocks } from '#lib/offline/exclusively.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { OfflineError } from '#lib/offline/offline-error.ts';
import type { OfflineStore } from '#lib/offline/offline-store.ts';
import { createSealer } from '#lib/offline/sealer.ts';
import { placeOf } from '#lib/visits/local-visit.ts';
import { createOutbox } from '#lib/visits/outbox.ts';
import { createVisitCopies } from '#lib/visits/visit-copies.ts';
import { Visits } from '#lib/visits/visits.svelte.ts';
import { createSubmission, createView } from './sample-visits.ts';

const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

type Send = (submission: PresenceSubmission) => Promise<VisitView>;

const offline: Send = () => Promise.reject(new ApiError('network_unreachable', 'nobody there'));
const online: Send = (submission) => Promise.resolve(createView(submission));

/** A window over a store; `server.send` may be exchanged, as networks come and go. */
async function open(send: Send, store: OfflineStore = createMemoryStore(), exclusively = createMemoryLocks()) {
  const server = { send, visits: [] as VisitView[], sent: [] as string[] };
  const counts: number[] = [];
  const holder = new Copies();
  holder.begin('A', createSealer(key));
  const copies = createVisitCopies(store, holder, () => new Date('2026-11-22T03:00:00Z'));
  const visits = new Visits({
    // A letter that anybody opens: who may read it is tested with the outbox.
    outbox: createOutbox({ store, copies, write: (submission) => Promise.resolve(JSON.stringify(submission)) }),
    copies,
    async sendLetter(letter) {
      const submission = PresenceSubmission.parse(JSON.parse(letter));
      server.sent.push(submission.submissionId);
      const { submissionId, visitId, state, presentedAt, problem } = await server.send(submission);
      return { submissionId, visitId, state, presentedAt, problem };
    },
    send: (submission) => {
      server.sent.push(submission.submissionId);
      return server.send(submission);
    },
    fetchVisits: () => Promise.resolve({ visits: server.visits }),
    exclusively,
    announce: () => {},
    onWaiting: (count) => counts.push(count),
    startOfDay: () => new Date('2026-11-21T15:00:00Z'),
  });
  await visits.restore();
  return { visits, server, store, counts };
}

it('says when the server has more of today than is kept here', async () => {
  const { visits, server } = await open(online);
  const view = createView(createSubmission());
  server.visits = Array.from({ length: 499 }, () => ({ ...view, submissionId: createSubmission().submissionId }));
  await visits.refresh();
  expect(visits.isCut).toBe(false);
  server.visits = [...server.visits, view];
  await visits.refresh();
  expect(visits.isCut).toBe(true);
});

describe('online', () => {
  it('answers the recorded visit and leaves nothing waiting', async () => {
    const { visits } = await open(online);
    const visit = await visits.take(createSubmission());
    expect(placeOf(visit)).toBe('recorded');
    expect([visits.waiting, visits.list.length]).toEqual([0, 1]);
  });

  it('keeps the submission before it is sent', async () => {
    const store = createMemoryStore();
    const kept: number[] = [];
    const { visits } = await open(async (submission) => {
      kept.push((await store.readAll('outbox')).length);
      return createView(submission);
    }, store);
    await visits.take(createSubmission());
    expect(kept).toEqual([1]);
  });

  it('files a refusal with its reason', async () => {
    const { visits } = await open(() => Promise.reject(new Problem('presence_replayed', 'again')));
    const visit = await visits.take(createSubmission());
    expect([placeOf(visit), visit.problem]).toEqual(['refused', 'presence_replayed']);
    expect(visits.waiting).toBe(0);
  });

  it('goes on waiting when the refusal is about the terminal, not about the visit', async () => {
    const { visits } = await open(() => Promise.reject(new Problem('terminal_unknown', 'who are you')));
    const visit = await visits.take(createSubmission());
    expect([placeOf(visit), visits.waiting]).toEqual(['tablet', 1]);
    expect(visits.list[0]?.problem).toBe('terminal_unknown');
  });
});

describe('offline', () => {
  it('keeps visits on the device, says how many, and hands each over once', async () => {
    const { visits, server, counts } = await open(offline);
    const submissions = [createSubmission(1_000_000_001), createSubmission(1_000_000_002)];
    for (const submission of submissions) expect(placeOf(await visits.take(submission))).toBe('tablet');
    expect(visits.waiting).toBe(2);

    server.sent.length = 0;
    server.send = online;
    await visits.flush();
    expect(server.sent).toEqual(submissions.map(({ submissionId }) => submissionId));
    expect([visits.waiting, counts.at(-1)]).toEqual([0, 0]);
    // Handed over in letters: whose they are tells the gateway's list.
    expect(visits.list.map(placeOf)).toEqual(['gateway', 'gateway']);
  });

  it('finds what waits after the window was killed', async () => {
    const { visits, store } = await open(offline);
    await visits.take(createSubmission());
    const reborn = await open(online, store);
    expect(reborn.visits.waiting).toBe(1);
    await reborn.visits.flush();
    expect(reborn.visits.waiting).toBe(0);
  });

  it('sends the same bytes again when the answer was lost', async () => {
    const { visits, server } = await open(offline);
    const seen: PresenceSubmission[] = [];
    server.send = (submission) => {
      seen.push(submission);
      return Promise.reject(new ApiError('network_timeout', 'stored but unanswered'));
    };
    await visits.take(createSubmission());
    await visits.flush();
    server.send = (submission) => {
      seen.push(submission);
      return online(submission);
    };
    await visits.flush();
    expect(seen).toHaveLength(3);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it('stops at the first missing answer and keeps the rest', async () => {
    const { visits, server } = await open(offline);
    await visits.take(createSubmission(1_000_000_001));
    await visits.take(createSubmission(1_000_000_002));
    server.sent.length = 0;
    await visits.flush();
    expect([server.sent.length, visits.waiting]).toEqual([1, 2]);
  });

  it('is not held up by a submission that the server refuses', async () => {
    const { visits, server } = await open(offline);
    const refused = createSubmission(1_000_000_001);
    await visits.take(refused);
    await visits.take(createSubmission(1_000_000_002));
    server.send = (submission) =>
      submission.submissionId === refused.submissionId
        ? Promise.reject(new Problem('presence_stale', 'too old'))
        : online(submission);
    await visits.flush();
    expect(visits.waiting).toBe(0);
    expect(visits.list.map(placeOf).sort()).toEqual(['gateway', 'refused']);
  });
});

it('is not held up by an answer that cannot be read', async () => {
  const { visits, server } = await open(offline);
  const odd = createSubmission(1_000_000_001);
  await visits.take(odd);
  await visits.take(createSubmission(1_000_000_002));
  server.send = (submission) =>
    submission.submissionId === odd.submissionId
      ? Promise.reject(new ApiError('answer_malformed', 'what?'))
      : online(submission);
  await visits.flush();
  expect(visits.list.map(placeOf).sort()).toEqual(['gateway', 'tablet']);
});

it('hands a visit over in its letter when the person locked in the middle of it', async () => {
  const { visits, server } = await open(online);
  server.send = (submission) => {
    server.send = online;
    return Promise.reject(new Problem('staff_required', `for ${submission.submissionId}`));
  };
  expect(placeOf(await visits.take(createSubmission()))).toBe('gateway');
  expect(visits.waiting).toBe(0);
});

describe('two tabs', () => {
  it('send what waits one after the other, each once', async () => {
    const exclusively = createMemoryLocks();
    const first = await open(offline, createMemoryStore(), exclusively);
    await first.visits.take(createSubmission());
    const second = await open(online, first.store, exclusively);
    first.server.send = online;
    first.server.sent.length = 0;
    await Promise.all([first.visits.flush(), second.visits.flush()]);
    expect(first.server.sent.length + second.server.sent.length).toBe(1);
    await first.visits.restore();
    expect([first.visits.waiting, second.visits.waiting]).toEqual([0, 0]);
  });
});

describe('a device that cannot keep anything', () => {
  const full = (): OfflineStore => ({
    ...createMemoryStore(),
    write: () => Promise.reject(new OfflineError('storage_full', 'no room')),
  });

  it('takes the visit when the server has it', async () => {
    const { visits } = await open(online, full());
    expect(placeOf(await visits.take(createSubmission()))).toBe('recorded');
    expect(visits.list).toHaveLength(1);
  });

  it('never says that it is kept', async () => {
    const { visits } = await open(offline, full());
    await expect(visits.take(createSubmission())).rejects.toMatchObject({ code: 'storage_full' });
    expect(visits.list).toEqual([]);
  });
});

it('shows what the server tells of other terminals, and keeps it for offline', async () => {
  const { visits, server, store } = await open(online);
  server.visits = [createView(createSubmission())];
  await visits.refresh();
  expect(visits.list).toHaveLength(1);
  expect((await open(offline, store)).visits.list).toHaveLength(1);
});

it('knows whether receipts are still to come', async () => {
  const { visits, server } = await open(online);
  const submission = createSubmission();
  await visits.take(submission);
  expect(visits.isUnfinished).toBe(true);
  server.visits = [
    createView(submission, { receipt: { version: 1, record: 'a.b.c', salt: 'A'.repeat(43), proof: '' } }),
  ];
  await visits.refresh();
  expect(visits.isUnfinished).toBe(false);
});
