import { describe, expect, it } from 'vitest';
import { groupByAnalyte } from '#lib/results/analyte-group.ts';
import { analyteKey, parseJlac10 } from '#lib/results/jlac10.ts';
import { readResults } from '#lib/results/read-results.ts';
import { readVector } from '../../vectors.ts';
import {
  sampleBundle,
  sampleDocument,
  sampleObservation,
  samplePatient,
  type SampleObservation,
} from './sample-bundle.ts';

const POTASSIUM = '3H015000002326101';

const read = (...documents: readonly { readonly at: string; readonly samples: readonly SampleObservation[] }[]) =>
  readResults(
    documents.map(({ at, samples }) =>
      sampleDocument(sampleBundle([samplePatient(), ...samples.map(sampleObservation)]), at),
    ),
  );

const A = 'sakura/1310000012';
const B = 'minato/2710000028';

describe('JLAC10', () => {
  const key = (code: string) => {
    const parsed = parseJlac10(code);
    if (!parsed) throw new RangeError(code);
    return analyteKey(parsed);
  };

  it('groups methods and blood materials, as the national core set does', () => {
    expect(key('3A015000001827101')).toBe(key('3A015000002306301'));
  });
  it('keeps materials apart that are not blood', () => {
    expect(key('3D010000000127201')).not.toBe(key('3D010000002327201'));
  });
  it('knows the parts of a blood count', () => {
    expect(key('2A990000001930953')).toBe(key('2A030000001930101'));
    expect(key('2A990000001930951')).not.toBe(key('2A990000001930952'));
  });
  it('never joins ALP or LD of different methods', () => {
    expect(key('3B070000002327101')).not.toBe(key('3B070000002327501'));
  });
  it.each(['99999999999999999', '3H015', '', '3h015000002326101'])('does not take %s for a code', (code) => {
    expect(parseJlac10(code)).toBeUndefined();
  });
});

describe('grouping', () => {
  it('joins hospitals by code, whatever they call it', () => {
    const { rows } = read(
      { at: A, samples: [{ jlac10: POTASSIUM, name: 'カリウム', value: 4.1, unit: 'mEq/L' }] },
      { at: B, samples: [{ jlac10: '3H015000002326201', name: 'Ｋ', value: 4.4, unit: 'mmol/L', at: '2026-11-22' }] },
    );
    const [group, second] = groupByAnalyte(rows);
    expect(second).toBeUndefined();
    expect(group).toMatchObject({ latest: { source: { institution: B } }, otherNames: ['カリウム'] });
    expect(group?.methods).toHaveLength(2);
    expect(group?.axes).toMatchObject([
      {
        points: [
          { value: 4.1, conversion: { rule: 'monovalent_ion' } },
          { value: 4.4, conversion: undefined },
        ],
      },
    ]);
  });

  it('without a code needs the local code and the name to agree', () => {
    const { rows } = read(
      { at: A, samples: [{ local: '7', name: 'カリウム', value: 4, unit: 'mEq/L' }] },
      { at: B, samples: [{ local: '7', name: 'ｶﾘｳﾑ', value: 4, unit: 'mEq/L' }] },
      { at: B, samples: [{ local: '7', name: 'ナトリウム', value: 140, unit: 'mEq/L' }] },
      { at: B, samples: [{ local: '7', jlac10: POTASSIUM, name: 'カリウム', value: 4, unit: 'mEq/L' }] },
    );
    expect(groupByAnalyte(rows).map(({ rows }) => rows.length)).toEqual([1, 2, 1]);
  });

  it('puts what is abnormal now first', () => {
    const { rows } = read({
      at: A,
      samples: [
        { local: '1', name: 'normal', value: 1, extra: { interpretation: [{ coding: [{ code: 'N' }] }] } },
        { local: '2', name: 'high', value: 2, extra: { interpretation: [{ coding: [{ code: 'H' }] }] } },
        { local: '3', name: 'very low', value: 3, extra: { interpretation: [{ coding: [{ code: 'LL' }] }] } },
        { local: '4', name: 'high before', value: 3, extra: { interpretation: [{ coding: [{ code: 'H' }] }] } },
        { local: '4', name: 'high before', value: 3, at: '2026-11-21' },
      ],
    });
    expect(groupByAnalyte(rows).map(({ latest }) => latest.analyte.name)).toEqual([
      'very low',
      'high',
      'normal',
      'high before',
    ]);
  });

  it('never draws two units on one axis that no rule connects', () => {
    const { rows } = read(
      { at: A, samples: [{ jlac10: '3D010000002327201', value: 100, unit: 'mg/dL' }] },
      { at: B, samples: [{ jlac10: '3D010000002327201', value: 5.5, unit: 'mmol/L' }] },
    );
    expect(groupByAnalyte(rows)[0]?.axes.map(({ points }) => points.length)).toEqual([1, 1]);
  });

  it('draws no withdrawn and no undated value, and still lists them', () => {
    const { rows } = read({
      at: A,
      samples: [
        { jlac10: POTASSIUM, value: 9.9, unit: 'mEq/L', extra: { status: 'entered-in-error' } },
        { jlac10: POTASSIUM, value: 4, unit: 'mEq/L', extra: { effectiveDateTime: undefined } },
        { jlac10: POTASSIUM, value: 4.2, unit: 'mEq/L', at: '2026-11-01' },
      ],
    });
    const [group] = groupByAnalyte(rows);
    expect(group?.rows).toHaveLength(3);
    expect(group?.axes[0]?.points.map(({ value }) => value)).toEqual([4.2]);
    expect(group?.latest.value).toMatchObject({ value: 4.2 });
  });
});

describe('copies', () => {
  it('drops a document that came twice and nothing else', () => {
    const samples = [
      { jlac10: POTASSIUM, value: 4.1, unit: 'mEq/L' },
      { jlac10: POTASSIUM, value: 4.1, unit: 'mEq/L', at: '2026-11-21' },
      { jlac10: '3H010000002326101', name: 'Na', value: 4.1, unit: 'mEq/L' },
    ];
    expect(read({ at: A, samples }, { at: A, samples }).rows).toHaveLength(3);
    expect(read({ at: A, samples }, { at: B, samples }).rows).toHaveLength(6);
  });
});

describe('reference ranges and flags', () => {
  const one = (sample: SampleObservation) => {
    const [row] = read({ at: A, samples: [{ jlac10: POTASSIUM, unit: 'mEq/L', ...sample }] }).rows;
    if (!row) throw new RangeError('one row');
    return row;
  };
  const range = (low?: number, high?: number, unit?: string) => ({
    referenceRange: [
      {
        ...(low === undefined ? {} : { low: { value: low, unit } }),
        high: high === undefined ? undefined : { value: high, unit },
      },
    ],
  });
  const stated = (code: string) => ({ interpretation: [{ coding: [{ code }] }] });

  it.each([
    [3.5, 'low'],
    [3.6, 'normal'],
    [4.8, 'normal'],
    [4.9, 'high'],
  ])('judges %d by the range', (value, flag) => {
    expect(one({ value, extra: range(3.6, 4.8) }).judgement).toEqual({ flag, by: 'range', isContradicted: false });
  });

  it('lets the laboratory decide and says when its own range disagrees', () => {
    expect(one({ value: 4, extra: { ...range(3.6, 4.8), ...stated('H') } }).judgement).toEqual({
      flag: 'high',
      by: 'laboratory',
      isContradicted: true,
    });
    expect(one({ value: 5, extra: { ...range(3.6, 4.8), ...stated('HH') } }).judgement.isContradicted).toBe(false);
  });

  it('judges a limit of measurement only where it can', () => {
    const flag = (value: number, comparator: string, low?: number, high?: number) =>
      one({ extra: { valueQuantity: { value, comparator, unit: 'mEq/L' }, ...range(low, high) } }).judgement.flag;
    expect(flag(0.3, '<', undefined, 0.5)).toBe('normal');
    expect(flag(0.3, '<', 0.1, 0.5)).toBe('unjudged');
    expect(flag(0.3, '<', 0.3, 0.5)).toBe('low');
    expect(flag(600, '>', 50, 500)).toBe('high');
    expect(flag(60, '>', 50, 500)).toBe('unjudged');
    expect(flag(90, '>', 60)).toBe('normal');
  });

  it('does not choose between ranges for different people', () => {
    const extra = { referenceRange: [{ low: { value: 1 } }, { low: { value: 3 } }] };
    expect(one({ value: 2, extra })).toMatchObject({ range: undefined, judgement: { flag: 'unjudged' } });
    const women = { referenceRange: [{ low: { value: 1 }, appliesTo: [{ text: 'F' }] }, { low: { value: 3 } }] };
    expect(one({ value: 2, extra: women }).judgement.flag).toBe('low');
  });

  it('reads a range in another unit through a rule, or not at all', () => {
    expect(one({ value: 4, extra: range(3.6, 4.8, 'mmol/L') }).range).toMatchObject({ low: 3.6, high: 4.8 });
    expect(one({ value: 4, extra: range(36, 48, 'mg/L') })).toMatchObject({
      range: undefined,
      judgement: { by: 'nobody' },
    });
  });
});

describe('what cannot be read', () => {
  it('is named, and hides nothing beside it', () => {
    const broken = sampleObservation({ extra: { status: 'odd' } });
    const { rows, unreadable } = readResults([
      sampleDocument(sampleBundle([samplePatient(), broken, sampleObservation({ value: 1 })])),
      sampleDocument({ resourceType: 'Parameters' }),
    ]);
    expect(rows).toHaveLength(1);
    expect(unreadable.map(({ error }) => [error.code, error.element])).toEqual([
      ['bundle_malformed', 'Bundle.entry[1].resource.status'],
      ['bundle_not_fhir', 'resourceType'],
    ]);
  });
});

const published = readVector('fhir/clinical-core/Bundle-Bundle-CLINS-Observations-Example-01.json');

it.skipIf(!published)('reads all four published results behind one identifier (skipped without the vectors)', () => {
  const bundle = JSON.parse(new TextDecoder().decode(published)) as Record<string, unknown>;
  const { rows, unreadable } = readResults([sampleDocument(bundle, 'kochi/1318814790')]);
  expect(unreadable).toEqual([]);
  expect(rows.map(({ analyte, value }) => [analyte.name, analyte.code, value.kind])).toEqual([
    ['アルブミン', '3A015', 'quantity'],
    ['カリウム', '3H015', 'quantity'],
    ['eGFR', '8A065', 'quantity'],
    ['尿蛋⽩(定性)', '1A990', 'text'],
  ]);
  expect(rows.map(({ specimen, takenAt }) => [specimen, takenAt?.precision])).toEqual([
    ['血清', 'time'],
    ['血清', 'time'],
    ['血清', 'time'],
    [expect.any(String), 'time'],
  ]);
  expect(rows[2]?.value).toMatchObject({ unit: { measure: { dimensions: 'm3 s-1 {1.73_m2}-1' } } });
  expect(groupByAnalyte(rows)).toHaveLength(4);
});
