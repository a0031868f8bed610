import { expect, it } from 'vitest';
import type { VisitSummary } from '#api/contract/visits-api.ts';
import { VisitPages } from '#lib/sharing/visit-pages.ts';
import { visitAt } from './visit-summaries.ts';

const LONG_AGO = '2026-01-01T00:00:00Z';
const signal = new AbortController().signal;

/** A gateway with these visits, newest first, that counts what it is asked. */
function createGateway(visits: VisitSummary[]) {
  const asked: number[] = [];
  let lost: number | undefined;
  const pages = new VisitPages(({ after, since, limit }) => {
    if (asked.push(limit) === lost) return Promise.reject(new TypeError('no answer'));
    const from = after === undefined ? 0 : visits.findIndex(({ submissionId }) => submissionId === after) + 1;
    return Promise.resolve(visits.filter(({ receivedAt }) => receivedAt >= since).slice(from, from + limit));
  });
  return { pages, asked, lose: (question: number) => void (lost = question) };
}

const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => visitAt(from + index));
const ids = (visits: readonly VisitSummary[]) => visits.map(({ submissionId }) => submissionId);

it('fetches all of them, shows some early, and each once', async () => {
  const visits = many(4_321);
  const { pages } = createGateway(visits);
  const shown: number[] = [];
  const all = await pages.fetch(LONG_AGO, signal, (some) => shown.push(some.length));
  expect(ids(all)).toEqual(ids(visits));
  expect(shown).toEqual([200, 1_200, 3_200]);
});

it('asks for the newest page alone when it knows the rest, and takes over what changed there', async () => {
  const visits = many(3_000, 10);
  const { pages, asked } = createGateway(visits);
  await pages.fetch(LONG_AGO, signal, () => {});
  asked.length = 0;
  visits.unshift(...many(10));
  visits[20] = { ...visits[20]!, documents: 7 };
  const all = await pages.fetch(LONG_AGO, signal, () => {});
  expect(asked).toEqual([200]);
  expect(ids(all)).toEqual(ids(visits));
  expect(all[20]?.documents).toBe(7);
});

it('goes on until it meets what it knows, when much came meanwhile', async () => {
  const visits = many(500, 1_000);
  const { pages, asked } = createGateway(visits);
  await pages.fetch(LONG_AGO, signal, () => {});
  asked.length = 0;
  visits.unshift(...many(1_000));
  expect(ids(await pages.fetch(LONG_AGO, signal, () => {}))).toEqual(ids(visits));
  expect(asked).toEqual([200, 1_000]);
});

it('lets go of what has become too old', async () => {
  const visits = many(400);
  const { pages } = createGateway(visits);
  await pages.fetch(LONG_AGO, signal, () => {});
  const since = visits[250]!.receivedAt;
  expect(ids(await pages.fetch(since, signal, () => {}))).toEqual(ids(visits.slice(0, 251)));
});

it('begins anew after a page that did not come', async () => {
  const visits = many(1_500);
  const { pages, lose } = createGateway(visits);
  lose(2);
  await expect(pages.fetch(LONG_AGO, signal, () => {})).rejects.toThrow(TypeError);
  expect(ids(await pages.fetch(LONG_AGO, signal, () => {}))).toEqual(ids(visits));
});
