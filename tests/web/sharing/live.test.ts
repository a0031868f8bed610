import { expect, it } from 'vitest';
import type { InboxRequest } from '#api/contract/inbox-api.ts';
import type { SentRequest } from '#api/contract/share-requests-api.ts';
import { Problem } from '#api/contract/problem.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { OutgoingRequests } from '#lib/sharing/outgoing.svelte.ts';
import { PendingAnswers, UNDO_MS } from '#lib/sharing/pending-answers.svelte.ts';
import { Polled } from '#lib/sharing/polled.svelte.ts';
import { Toasts } from '#lib/ui/toasts.svelte.ts';

/** A clock whose time passes when the test says so. */
function createTimers() {
  let work: { readonly run: () => void; readonly ms: number }[] = [];
  return {
    later: (run: () => void, ms: number) => {
      const entry = { run, ms };
      work.push(entry);
      return () => (work = work.filter((other) => other !== entry));
    },
    get waits() {
      return work.map(({ ms }) => ms);
    },
    pass(ms: number) {
      const due = work.filter((entry) => entry.ms <= ms);
      work = work.filter((entry) => entry.ms > ms);
      due.forEach(({ run }) => run());
    },
  };
}

class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  show(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}
const asDocument = (page: Page): Document => page as unknown as Document;
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

it('polls while in sight, backs off without an answer, and keeps the last one', async () => {
  const timers = createTimers();
  const page = new Page();
  let asked = 0;
  let isUp = true;
  const polled = new Polled(
    () => {
      asked += 1;
      return isUp ? Promise.resolve(asked) : Promise.reject(new ApiError('network_unreachable', 'down'));
    },
    { intervalMs: () => 1000, later: timers.later, now: () => new Date('2026-11-23T00:00:00Z') },
  );
  const stop = polled.start(asDocument(page));
  await settled();
  expect([polled.value, polled.error, timers.waits]).toEqual([1, undefined, [1000]]);
  expect(polled.answeredAt).toBe('2026-11-23T00:00:00.000Z');

  isUp = false;
  timers.pass(1000);
  await settled();
  expect([polled.value, timers.waits]).toEqual([1, [2000]]);
  expect(polled.error).toMatchObject({ code: 'network_unreachable' });
  timers.pass(2000);
  await settled();
  expect(timers.waits).toEqual([4000]);

  isUp = true;
  page.show('hidden');
  timers.pass(4000);
  await settled();
  expect(asked).toBe(3);
  page.show('visible');
  await settled();
  expect([polled.value, polled.error, asked]).toEqual([4, undefined, 4]);

  stop();
  expect(timers.waits).toEqual([]);
  page.show('visible');
  await settled();
  expect(asked).toBe(4);
});

it('tells the status bar at once that the server is gone, and asks again when it is back', async () => {
  const reports: boolean[] = [];
  let back = () => {};
  let isUp = false;
  const timers = createTimers();
  const polled = new Polled(
    () => (isUp ? Promise.resolve('answer') : Promise.reject(new ApiError('network_unreachable', 'down'))),
    {
      intervalMs: () => 1000,
      later: timers.later,
      connection: {
        report: (isReachable) => void reports.push(isReachable),
        onReconnect: (listener) => {
          back = listener;
          return () => (back = () => {});
        },
      },
    },
  );
  const stop = polled.start(asDocument(new Page()));
  await settled();
  isUp = true;
  back();
  await settled();
  expect(reports).toEqual([false, true]);
  expect([polled.value, timers.waits]).toEqual(['answer', [1000]]);
  stop();
});

const answered = (id: string) => ({ id }) as InboxRequest;

function createAnswers(fail?: Error) {
  const timers = createTimers();
  const sent: string[] = [];
  const got: string[] = [];
  const gateway = {
    release: (id: string) => {
      sent.push(`release ${id}`);
      return fail === undefined ? Promise.resolve(answered(id)) : Promise.reject(fail);
    },
    refuse: (id: string, note?: string) => {
      sent.push(`refuse ${id} ${note}`);
      return Promise.resolve(answered(id));
    },
  };
  const toasts = new Toasts((work, ms) => void timers.later(work, ms));
  const answers = new PendingAnswers({ gateway, toasts, onAnswered: ({ id }) => got.push(id) });
  return { timers, sent, got, toasts, answers };
}

it('sends an answer only after the time to undo it', async () => {
  const { answers, timers, sent, got } = createAnswers();
  answers.answer('1', { kind: 'release' }, 'text');
  answers.answer('1', { kind: 'refusal', note: 'twice' }, 'text');
  answers.answer('2', { kind: 'refusal', note: 'why' }, 'text');
  expect(answers.waiting('1')).toEqual({ kind: 'release' });
  timers.pass(UNDO_MS - 1);
  expect(sent).toEqual([]);
  timers.pass(UNDO_MS);
  await settled();
  expect(sent).toEqual(['release 1', 'refuse 2 why']);
  expect(got).toEqual(['1', '2']);
  expect([answers.waiting('1'), answers.count]).toEqual([undefined, 0]);
});

it('sends nothing that was taken back', async () => {
  const { answers, timers, sent, toasts } = createAnswers();
  answers.answer('1', { kind: 'release' }, 'text');
  toasts.list[0]?.undo?.();
  expect(answers.waiting('1')).toBeUndefined();
  timers.pass(UNDO_MS);
  await settled();
  expect(sent).toEqual([]);
});

it('keeps why an answer did not go out', async () => {
  const { answers, timers, got } = createAnswers(new Problem('nothing_to_release', 'empty'));
  answers.answer('1', { kind: 'release' }, 'text');
  timers.pass(UNDO_MS);
  await settled();
  expect(answers.failure('1')).toMatchObject({ code: 'nothing_to_release' });
  expect([answers.waiting('1'), got]).toEqual([undefined, []]);
  answers.answer('1', { kind: 'release' }, 'again');
  expect(answers.failure('1')).toBeUndefined();
});

it('sends each request on its own and only what was not sent, unchanged', async () => {
  const tries: string[] = [];
  let isUp = false;
  const outgoing = new OutgoingRequests(
    {
      sendShareRequest: (jws) => {
        tries.push(jws);
        if (jws === 'b' && !isUp) return Promise.reject(new ApiError('network_timeout', 'slow'));
        if (jws === 'b') return Promise.reject(new Problem('request_replayed', 'it had arrived'));
        return Promise.resolve({ id: jws } as SentRequest);
      },
    },
    [
      { to: 'sakura/1310000012', jws: 'a' },
      { to: 'ume/1310000020', jws: 'b' },
    ],
  );
  expect((await outgoing.send()).map(({ id }) => id)).toEqual(['a']);
  expect(outgoing.list).toMatchObject([{ state: 'sent' }, { state: 'unsent', error: { code: 'network_timeout' } }]);
  isUp = true;
  await outgoing.send();
  expect(tries).toEqual(['a', 'b', 'b']);
  expect(outgoing.isAllSent).toBe(true);
});
