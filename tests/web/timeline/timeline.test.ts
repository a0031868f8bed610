import { expect, it } from 'vitest';
import { Problem } from '#api/contract/problem.ts';
import { createTimeline } from '#lib/timeline/timeline.ts';
import { createTestExchange, SUBJECT, type TestExchange } from './exchange-fixture.ts';

const HERE = 'hoshi/2710000034';

const read = (
  parts: Parameters<typeof createTimeline>[0],
  exchanges: readonly TestExchange[],
): ReturnType<typeof createTimeline> =>
  createTimeline(parts, {
    subject: SUBJECT,
    institution: HERE,
    receiptTrust: (id) =>
      Promise.resolve(exchanges.find((exchange) => exchange.id === id)?.trust ?? { logKeys: [], exchangeKeys: {} }),
  });

const records = (exchange: string, receipts: Awaited<ReturnType<TestExchange['issue']>>) => ({
  kind: 'records' as const,
  exchange,
  receipts,
  checkpoint: '',
});

it('joins exchanges newest first, each record verified with its own exchange', async () => {
  const [east, west] = await Promise.all([createTestExchange('east'), createTestExchange('west')]);
  const parts = [
    records('east', await east.issue([{}, { presentedAt: '2026-05-01T00:00:00.000Z' }])),
    records('west', await west.issue([{ institution: HERE, presentedAt: '2026-03-01T00:00:00.000Z' }])),
  ];
  const timeline = await read(parts, [east, west]);
  expect(timeline.visits.map(({ exchange, isOwn, verdict }) => [exchange, isOwn, verdict.ok])).toEqual([
    ['east', false, true],
    ['west', true, true],
    ['east', false, true],
  ]);
  expect(timeline.parts).toMatchObject([
    { count: 2, gaps: 0, refused: [] },
    { count: 1, gaps: 0, refused: [] },
  ]);
});

it('names a part that is missing', async () => {
  const problem = new Problem('exchange_unreachable', 'no answer').toDocument();
  const { parts, visits } = await read([{ kind: 'missing', exchange: 'east', problem }], []);
  expect(visits).toEqual([]);
  expect(parts).toEqual([{ kind: 'missing', exchange: 'east', problem }]);
});

it('sees that a record was left out of the middle or the beginning', async () => {
  const east = await createTestExchange('east');
  const [first, second, third] = await east.issue([{}, {}, {}]);
  if (!first || !second || !third) throw new RangeError('three receipts');
  const gaps = async (...receipts: (typeof first)[]) => {
    const [part] = (await read([records('east', receipts)], [east])).parts;
    return part?.kind === 'records' ? part.gaps : undefined;
  };
  expect(await gaps(first, second, third)).toBe(0);
  expect(await gaps(first, third)).toBe(1);
  expect(await gaps(second, third)).toBe(1);
});

it('refuses records of another exchange, of another person, and with a broken signature', async () => {
  const [east, west] = await Promise.all([createTestExchange('east'), createTestExchange('west')]);
  const foreign = await west.issue([{}]);
  const claimed = await east.issue([{ iss: 'west' }]);
  const somebodyElse = await east.issue([{ subject: 'B'.repeat(43) }]);
  const [good] = await east.issue([{}]);
  if (!good) throw new RangeError('one receipt');
  const broken = { ...good, record: good.record.replace(/\.[^.]{4}/, '.AAAA') };
  for (const receipts of [foreign, claimed, somebodyElse, [broken]]) {
    const { visits, parts } = await read([records('east', receipts)], [east, west]);
    expect(visits).toEqual([]);
    expect(parts).toMatchObject([{ count: 0, refused: [{}] }]);
  }
});

it('says that these are all, when the exchange signed for it and it is so', async () => {
  const east = await createTestExchange('east');
  const receipts = await east.issue([{}, {}, {}]);
  const word = await east.vouch(receipts);
  const completeness = async (change: object) => {
    const [part] = (await read([{ ...records('east', receipts), ...word, ...change }], [east])).parts;
    return part?.kind === 'records' ? part.completeness : undefined;
  };
  expect(await completeness({})).toEqual({
    ...{ kind: 'complete', count: 3, origin: 'east.example/evidence', size: 3 },
    ...{ signedAt: '2026-06-01T00:00:00.000Z', cosigned: 0 },
  });
  expect(await completeness({ timeline: undefined })).toEqual({ kind: 'unproven' });
  const [first, second, third] = receipts;
  const faults = async (change: object) => {
    const found = await completeness(change);
    return found?.kind === 'contradicted' ? found.faults.map(({ kind }) => kind) : found;
  };
  expect(await faults({ receipts: [first, second] })).toEqual(['count_differs', 'head_differs']);
  expect(await faults({ receipts: [second, third] })).toEqual(['previous_missing', 'count_differs']);
  expect(await faults({ receipts: [first, third] })).toContain('previous_missing');
});

it('believes neither a stranger’s word nor one about another state of the log', async () => {
  const [east, west] = await Promise.all([createTestExchange('east'), createTestExchange('west')]);
  const receipts = await east.issue([{}, {}]);
  const word = await east.vouch(receipts);
  const longer = await east.vouch(await east.issue([{}, {}, {}]));
  const theirs = await west.vouch(await west.issue([{}, {}]));
  const reason = async (change: object) => {
    const [part] = (await read([{ ...records('east', receipts), ...word, ...change }], [east])).parts;
    return part?.kind === 'records' && part.completeness.kind === 'contradicted' ? part.completeness.reason : undefined;
  };
  expect(await reason({ timeline: theirs.timeline })).toBe('record_unknown_key');
  expect(await reason({ checkpoint: theirs.checkpoint })).toBe('note_unknown_key');
  expect(await reason({ checkpoint: longer.checkpoint })).toBe('checkpoint_wrong_origin');
  expect(await reason({ timeline: 'a.b.c' })).toBe('record_bad_signature');
  expect(await reason({ checkpoint: '' })).toBe('note_malformed');
});
