import { describe, expect, it } from 'vitest';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';
import type { PresenceRequest } from '#lib/presence/take-presence.ts';
import { needsAttention, Reception } from '#lib/reception/reception.svelte.ts';
import { toLocalVisit, type LocalVisit } from '#lib/visits/local-visit.ts';
import { createSubmission, createView } from '../visits/sample-visits.ts';

const submission = createSubmission();
const recorded = toLocalVisit(createView(submission));
const expired = toLocalVisit(
  createView(submission, {
    coverage: {
      status: 'expired',
      insurerNumber: '01139906',
      insurerName: '架空',
      symbol: '',
      number: '1',
      branch: '',
      validUntil: '2026-10-16',
    },
  }),
);

function open({ isAutomatic = true, visit = recorded }: { isAutomatic?: boolean; visit?: LocalVisit } = {}) {
  const timers: (() => void)[] = [];
  const card = Promise.withResolvers<PresenceSubmission>();
  const request = Promise.withResolvers<PresenceRequest>();
  const reception = new Reception({
    take(asked) {
      request.resolve(asked);
      return card.promise;
    },
    hand: () => Promise.resolve(visit),
    isAutomatic: () => isAutomatic,
    after: (_, work) => timers.push(work),
  });
  return { reception, card, request: request.promise, passTime: () => timers.splice(0).forEach((work) => work()) };
}

/** Lays a card and lets the tap come to its end. */
async function tapThrough(parts: ReturnType<typeof open>) {
  parts.reception.noticeCard('present');
  parts.card.resolve(submission);
  await settle();
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('a card that is laid down', () => {
  it('is read at once', async () => {
    const { reception, request } = open();
    reception.noticeCard('present');
    expect(reception.stage).toEqual({ kind: 'working', done: 0 });
    expect(await request).toMatchObject({ purpose: 'visit' });
  });

  it('waits for the button when somebody wished so', () => {
    const { reception } = open({ isAutomatic: false });
    reception.noticeCard('present');
    expect([reception.stage.kind, reception.isCardThere]).toEqual(['waiting', true]);
  });

  it('fills the ring with what really happened', async () => {
    const { reception, request } = open();
    reception.noticeCard('present');
    const { onProgress } = await request;
    const seen = (['found', 'read', 'signed'] as const).map((step) => {
      onProgress?.(step);
      return reception.stage.kind === 'working' && reception.stage.done;
    });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('is not read twice at the same time', () => {
    const { reception } = open();
    reception.noticeCard('present');
    void reception.tap();
    expect(reception.stage).toEqual({ kind: 'working', done: 0 });
  });
});

describe('a success', () => {
  it('stays until it was seen and the card is gone, whichever is later', async () => {
    const parts = open();
    await tapThrough(parts);
    expect(parts.reception.stage).toEqual({ kind: 'done', visit: recorded });
    parts.reception.noticeCard('absent');
    expect(parts.reception.stage.kind).toBe('done');
    parts.passTime();
    expect(parts.reception.stage.kind).toBe('waiting');
  });

  it('waits for the card', async () => {
    const parts = open();
    await tapThrough(parts);
    parts.passTime();
    expect(parts.reception.stage.kind).toBe('done');
    parts.reception.noticeCard('absent');
    expect(parts.reception.stage.kind).toBe('waiting');
  });

  it('makes room for the next card at once', async () => {
    const parts = open();
    await tapThrough(parts);
    parts.reception.noticeCard('absent');
    parts.reception.noticeCard('present');
    expect(parts.reception.stage.kind).toBe('working');
  });

  it('waits for a person when the insurance asks for one', async () => {
    const parts = open({ visit: expired });
    await tapThrough(parts);
    parts.reception.noticeCard('absent');
    parts.passTime();
    expect(parts.reception.stage.kind).toBe('done');
    parts.reception.next();
    expect(parts.reception.stage.kind).toBe('waiting');
  });
});

describe('a failure', () => {
  it('stays until a card is laid again', async () => {
    const parts = open();
    parts.reception.noticeCard('present');
    parts.card.reject(new RangeError('whatever'));
    await settle();
    expect(parts.reception.stage.kind).toBe('failed');
    parts.reception.noticeCard('absent');
    parts.passTime();
    expect(parts.reception.stage.kind).toBe('failed');
  });

  it('is an offer to enrol when the card is unknown', async () => {
    const parts = open({ visit: { ...recorded, view: null, problem: 'card_not_enrolled' } });
    await tapThrough(parts);
    expect(parts.reception.stage.kind).toBe('new-card');
  });
});

it.each([
  [recorded, false],
  [expired, true],
  [{ ...recorded, view: null, isWaiting: true }, false],
  [{ ...recorded, view: null, problem: 'presence_replayed' as const }, true],
])('knows which results ask for a person', (visit, expected) => {
  expect(needsAttention(visit)).toBe(expected);
});

it('takes a submission that was made elsewhere', async () => {
  const { reception } = open();
  await reception.present(submission);
  expect(reception.stage.kind).toBe('done');
});
