import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertValue, findConversion } from '#lib/results/convert-unit.ts';
import { parseUcum } from '#lib/results/ucum.ts';
import { informalToUcum, readUnit } from '#lib/results/unit.ts';

const UCUM = 'http://unitsofmeasure.org';
const factor = (from: string, to: string, analyte?: string) =>
  findConversion(readUnit({ unit: from }), readUnit({ unit: to }), analyte)?.factor;

describe('UCUM', () => {
  it('knows dimensions, prefixes and powers', () => {
    expect(parseUcum('mg/dL')).toEqual({ factor: 1, exponent: 1, dimensions: 'g1 m-3' });
    expect(parseUcum('10*3/uL')).toEqual({ factor: 1, exponent: 12, dimensions: 'm-3' });
    expect(parseUcum('mmol/min')).toMatchObject({ dimensions: 'mol1 s-1' });
    expect(parseUcum('mm[Hg]')?.dimensions).toBe(parseUcum('kPa')?.dimensions);
    expect(parseUcum('u[IU]/mL')).toEqual({ factor: 1, exponent: 0, dimensions: '[IU]1 m-3' });
    expect(parseUcum('meq/L')).toEqual({ factor: 1, exponent: 0, dimensions: 'eq1 m-3' });
  });

  it('keeps an annotation that changes the meaning and drops one that only counts', () => {
    expect(parseUcum('mL/min/{1.73_m2}')?.dimensions).toBe('m3 s-1 {1.73_m2}-1');
    expect(parseUcum('10*3{cells}/uL')).toEqual(parseUcum('10*3/uL'));
  });

  it.each(['mgg', 'foo/L', 'COI', 'toString', 'constructor', '__proto__', '/', '..', "[arb'U]"])(
    'does not know %s',
    (text) => {
      expect(parseUcum(text)).toBeUndefined();
    },
  );
});

describe('spellings of laboratories', () => {
  it.each([
    ['ｍｇ／ｄＬ', 'mg/dL'],
    ['㎎/㎗', 'mg/dl'],
    ['×10³/μL', '10*3/uL'],
    ['10^4/µl', '10*4/ul'],
    ['万/μL', '10*4/uL'],
    ['10000/mm3', '10000/mm3'],
    ['mEq/L', 'meq/L'],
    ['IU/L', '[IU]/L'],
    ['μIU/mL', 'u[IU]/mL'],
    ['ml/min/1.73m2', 'ml/min/{1.73_m2}'],
    ['mL/分/1.73m²', 'mL/分/{1.73_m2}'],
    ['mmHg', 'mm[Hg]'],
    ['sec', 's'],
    ['℃', 'Cel'],
  ])('%s is %s', (written, ucum) => {
    expect(informalToUcum(written)).toBe(ucum);
  });

  it('sees through spellings of one unit', () => {
    const key = readUnit({ unit: '10^4/μL' }).key;
    expect(readUnit({ unit: '万/μL' }).key).toBe(key);
    expect(readUnit({ unit: '10000/mm3' }).key).toBe(key);
    expect(readUnit({ system: UCUM, code: '10*4/uL' }).key).toBe(key);
  });

  it('believes neither side of a contradiction', () => {
    const unit = readUnit({ unit: 'mg/L', system: UCUM, code: 'g/dL' });
    expect(unit.measure).toBeUndefined();
    expect(findConversion(unit, readUnit({ unit: 'g/dL' }))).toBeUndefined();
  });
});

describe('conversion', () => {
  it.each([
    ['g/L', 'g/dL', 0.1],
    ['mg/L', 'g/dL', 0.0001],
    ['10^3/μL', '万/μL', 0.1],
    ['/mm3', '10^3/μL', 0.001],
    ['mg/min', 'g/h', 0.06],
  ])('%s to %s', (from, to, expected) => {
    expect(factor(from, to)).toBe(expected);
  });

  it.each([
    ['mmol/L', 'mg/dL'],
    ['mL/min', 'mL/min/1.73m2'],
    ['COI', 'S/CO'],
    ['mEq/L', 'mmol/L'],
    ['IU/L', 'U/L'],
    ['%', 'g/dL'],
  ])('never from %s to %s without knowing the substance', (from, to) => {
    expect(factor(from, to)).toBeUndefined();
  });

  it('knows what an equivalent of potassium is, and of nothing with two charges', () => {
    expect(factor('mEq/L', 'mmol/L', '3H015')).toBe(1);
    expect(factor('mEq/L', 'mmol/L', '3H030')).toBeUndefined();
    expect(factor('IU/L', 'U/L', '3B035')).toBe(1);
    expect(factor('μIU/mL', 'mIU/L', '4A055')).toBe(1);
  });

  it('comes back to where it started', () => {
    const units = ['g/L', 'g/dL', 'mg/dL', 'mg/L', 'ug/mL', 'ng/L'].map((unit) => readUnit({ unit }));
    fc.assert(
      fc.property(
        fc.constantFrom(...units),
        fc.constantFrom(...units),
        fc.float({ min: Math.fround(0.001), max: 1e6, noNaN: true }),
        (from, to, value) => {
          const there = findConversion(from, to);
          const back = findConversion(to, from);
          if (!there || !back) throw new RangeError('the same dimension');
          expect(convertValue(convertValue(value, there), back) / value).toBeCloseTo(1, 9);
        },
      ),
    );
  });
});
