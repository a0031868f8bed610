import { expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import { Problem } from '#api/contract/problem.ts';
import type { AvailableResults, ResultsQueryAnswer } from '#api/contract/results-query.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { AskingNow, ASK_PATIENCE_MS, type AskInstitution } from '#lib/sharing/asking-now.svelte.ts';
import { summarizeAnswer } from '#lib/sharing/summarize-answer.ts';

const SAKURA = 'sakura/1310000012';
const UME = 'ume/1310000020';
const about = { consent: { presence: 'p', binding: 'b' }, kinds: ['laboratory', 'referral'] as const };
const NOW = '2026-11-23T01:00:00.000Z';
const visitId = createId();

const result = (change: Partial<AvailableResults['results'][number]> = {}): AvailableResults['results'][number] => ({
  ...{ visitId, presentedAt: NOW, kind: 'laboratory', documents: 2, newest: NOW, effect: 'release' },
  ...change,
});
const answerOf = (results: AvailableResults['results']): ResultsQueryAnswer => ({
  answer: { from: SAKURA, results, withheld: [] },
  transcript: 't'.repeat(43),
});
const create = () => new AskingNow(() => new Date(NOW));
const say =
  (answer: ResultsQueryAnswer): AskInstitution =>
  () =>
    Promise.resolve(answer);
const fail =
  (error: Error): AskInstitution =>
  () =>
    Promise.reject(error);

it('asks for what the consent names, waits as long as it says, and knows what each visit has', async () => {
  const asking = create();
  const sent: unknown[] = [];
  const done = asking.ask(SAKURA, about, (posting, { timeoutMs }) => {
    sent.push([posting, timeoutMs]);
    return Promise.resolve(answerOf([result(), result({ kind: 'referral', documents: 1, effect: 'ask' })]));
  });
  expect([asking.of(SAKURA)?.kind, asking.isWaiting, asking.countFor(SAKURA, visitId)]).toEqual([
    'asking',
    true,
    undefined,
  ]);
  await done;
  expect(sent).toEqual([[{ to: SAKURA, ...about }, ASK_PATIENCE_MS]]);
  expect(asking.of(SAKURA)).toMatchObject({ kind: 'answered', at: NOW });
  expect([asking.countFor(SAKURA, visitId), asking.countFor(SAKURA, createId()), asking.isWaiting]).toEqual([
    3,
    0,
    false,
  ]);
});

it('takes silence for silence and a refusal for what it says', async () => {
  const asking = create();
  const silences = [
    new Problem('query_unanswered', 'nobody'),
    new Problem('exchange_unreachable', 'no line'),
    new ApiError('network_timeout', 'slow'),
    new ApiError('network_unreachable', 'off'),
  ];
  for (const silence of silences) {
    await asking.ask(SAKURA, about, fail(silence));
    expect(asking.of(SAKURA)).toEqual({ kind: 'silent' });
  }
  await asking.ask(UME, about, fail(new Problem('consent_withdrawn', 'taken back')));
  expect(asking.of(UME)).toMatchObject({ kind: 'refused', error: { code: 'consent_withdrawn' } });
  expect(asking.of(SAKURA)).toEqual({ kind: 'silent' });
});

it('asks once at a time, stops when told to, and then asks anew', async () => {
  const asking = create();
  let asked = 0;
  const endless: AskInstitution = (_posting, { signal }) => {
    asked += 1;
    return new Promise((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(new ApiError('request_aborted', 'stopped'))),
    );
  };
  const first = asking.ask(SAKURA, about, endless);
  await asking.ask(SAKURA, about, endless);
  expect(asked).toBe(1);
  asking.stop(SAKURA);
  await first;
  expect(asking.of(SAKURA)).toEqual({ kind: 'silent' });
  await asking.ask(SAKURA, about, say(answerOf([])));
  expect(asking.of(SAKURA)?.kind).toBe('answered');
});

it('forgets with the consent, also what comes later', async () => {
  const asking = create();
  let answer: (value: ResultsQueryAnswer) => void = () => {};
  const late = asking.ask(SAKURA, about, () => new Promise((resolve) => (answer = resolve)));
  asking.clear();
  answer(answerOf([result()]));
  await late;
  expect(asking.of(SAKURA)).toBeUndefined();
});

it('sums up by kind; a person looks when any of it needs one', () => {
  const results = [
    result(),
    result({ visitId: createId(), effect: 'ask', documents: 1 }),
    result({ kind: 'referral' }),
  ];
  expect(summarizeAnswer({ from: SAKURA, results, withheld: [] })).toEqual([
    { kind: 'laboratory', documents: 3, effect: 'ask' },
    { kind: 'referral', documents: 2, effect: 'release' },
  ]);
});
