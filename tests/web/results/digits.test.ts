import { describe, expect, it } from 'vitest';
import { parseJson } from '#lib/api/parse-json.ts';
import { layBand } from '#lib/results/band.ts';
import { parseBundleFile } from '#lib/results/bundle-file.ts';
import { formatConverted, formatRange, formatWithUnit } from '#lib/results/format-value.ts';
import { readResults } from '#lib/results/read-results.ts';
import { sampleBundle, sampleDocument, sampleObservation, samplePatient } from './sample-bundle.ts';

const text = JSON.stringify(
  sampleBundle([
    samplePatient(),
    sampleObservation({
      value: 7,
      unit: '%',
      extra: { referenceRange: [{ low: { value: 4.9 }, high: { value: 6 } }] },
    }),
  ]),
)
  .replace('"value":7,', '"value":7.0,')
  .replace('"value":6}', '"value":6.00}');

describe('digits', () => {
  it('are remembered only where a number forgets them', () => {
    expect(parseJson('[{"value":7.0},{"value":7.1},{"other":7.0},{"value":"7.0"}]')).toEqual([
      { value: 7, _value: { source: '7.0' } },
      { value: 7.1 },
      { other: 7 },
      { value: '7.0' },
    ]);
  });

  it('reach the sheet as they were written', () => {
    const bundle = parseJson(text) as Record<string, unknown>;
    const [row] = readResults([sampleDocument(bundle)]).rows;
    if (!row) throw new RangeError('one row');
    expect(formatWithUnit(row.value)).toBe('7.0\u2009%');
    expect(formatRange(row.range)).toBe('4.9–6.00');
    expect(row.judgement.flag).toBe('high');
  });

  it('are registered as they stand in the file', () => {
    expect(JSON.stringify(parseBundleFile(text).json)).toBe(text);
  });
});

it.each([
  [{ low: 3.6, high: undefined }, '≥3.6'],
  [{ low: undefined, high: 5 }, '≤5'],
  [{ low: -2, high: 2 }, '−2–2'],
  [{ low: undefined, high: undefined }, '(-)'],
])('writes a range %o', (range, expected) => {
  expect(formatRange({ ...range, text: '(-)' })).toBe(expected);
});

it('gives a converted value no more digits than it came with', () => {
  expect(formatConverted(0.39, '3.9')).toBe('0.39');
  expect(formatConverted(12.345678, '123.45')).toBe('12.346');
});

describe('the band', () => {
  const range = (low?: number, high?: number) => ({ low, high, text: undefined });
  it('puts the range in the middle half', () => {
    expect(layBand(4, range(3, 5))).toEqual({ from: 0.25, to: 0.75, value: 0.5, isBeyond: false });
    expect(layBand(5, range(3, 5))?.value).toBe(0.75);
    expect(layBand(60, range(3, 5))).toMatchObject({ value: 1, isBeyond: true });
    expect(layBand(1, range(3, 5))).toMatchObject({ value: 0, isBeyond: true });
  });
  it('leaves an open side open', () => {
    expect(layBand(60, range(60))).toEqual({ from: 0.5, to: 1, value: 0.5, isBeyond: false });
    expect(layBand(100, range(undefined, 100))).toEqual({ from: 0, to: 0.5, value: 0.5, isBeyond: false });
  });
  it('is not drawn without a range', () => {
    expect(layBand(1, undefined)).toBeUndefined();
    expect(layBand(1, range())).toBeUndefined();
    expect(layBand(1, range(5, 3))).toBeUndefined();
  });
});
