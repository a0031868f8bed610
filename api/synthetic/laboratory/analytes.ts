/** What is out of order with somebody's blood, in a demonstration. */
export type Tendency = 'diabetes' | 'lipids' | 'liver' | 'kidney' | 'none';

/** Limits of the normal, both inclusive; JCCLS common reference intervals (共用基準範囲, 2022). */
export interface ReferenceRange {
  readonly low?: number;
  readonly high?: number;
}

/** One laboratory item as hospitals order it. */
export interface Analyte {
  /** JLAC10, seventeen digits: analyte 5, identification 4, material 3, method 3, result 2. */
  readonly jlac10: string;
  /** The number in our made-up hospital's own catalogue. */
  readonly localCode: string;
  readonly name: string;
  readonly abbreviation: string;
  /** As printed, and in UCUM. JLAC10 says nothing of the unit. */
  readonly unit: string;
  readonly ucum: string;
  readonly decimals: number;
  readonly male: ReferenceRange;
  readonly female: ReferenceRange;
  /** Where the values of somebody with this tendency lie, instead of within the range. */
  readonly tendencies: Partial<Record<Tendency, { readonly centre: number; readonly swing: number }>>;
}

type Row = readonly [
  jlac10: string,
  localCode: string,
  name: string,
  abbreviation: string,
  unit: string,
  ucum: string,
  decimals: number,
  male: ReferenceRange,
  female?: ReferenceRange,
  tendencies?: Analyte['tendencies'],
];

const range = (low?: number, high?: number): ReferenceRange => ({
  ...(low !== undefined && { low }),
  ...(high !== undefined && { high }),
});

const ROWS: readonly Row[] = [
  ['2A010000001930101', 'L0101', '白血球数', 'WBC', '10^3/μL', '10*3/uL', 1, range(3.3, 8.6)],
  [
    '2A030000001930101',
    'L0103',
    'ヘモグロビン',
    'Hb',
    'g/dL',
    'g/dL',
    1,
    range(13.7, 16.8),
    range(11.6, 14.8),
    { kidney: { centre: 11.2, swing: 0.5 } },
  ],
  [
    '3A015000002327101',
    'L0201',
    'アルブミン',
    'ALB',
    'g/dL',
    'g/dL',
    1,
    range(4.1, 5.1),
    undefined,
    { kidney: { centre: 3.9, swing: 0.2 } },
  ],
  [
    '3B035000002327201',
    'L0301',
    'AST(GOT)',
    'AST',
    'U/L',
    'U/L',
    0,
    range(13, 30),
    undefined,
    { liver: { centre: 46, swing: 12 } },
  ],
  [
    '3B045000002327201',
    'L0302',
    'ALT(GPT)',
    'ALT',
    'U/L',
    'U/L',
    0,
    range(10, 42),
    range(7, 23),
    { liver: { centre: 62, swing: 18 } },
  ],
  [
    '3B090000002327101',
    'L0303',
    'γ-GT(γ-GTP)',
    'γ-GT',
    'U/L',
    'U/L',
    0,
    range(13, 64),
    range(9, 32),
    { liver: { centre: 96, swing: 26 } },
  ],
  [
    '3C015000002327101',
    'L0401',
    'クレアチニン',
    'CRE',
    'mg/dL',
    'mg/dL',
    2,
    range(0.65, 1.07),
    range(0.46, 0.79),
    { kidney: { centre: 1.28, swing: 0.16 } },
  ],
  [
    '3H015000002326101',
    'L0501',
    'カリウム',
    'K',
    'mmol/L',
    'mmol/L',
    1,
    range(3.6, 4.8),
    undefined,
    { kidney: { centre: 4.8, swing: 0.3 } },
  ],
  [
    '3D010000001926101',
    'L0601',
    '空腹時血糖',
    'GLU',
    'mg/dL',
    'mg/dL',
    0,
    range(73, 109),
    undefined,
    { diabetes: { centre: 148, swing: 24 } },
  ],
  [
    '3D046000001920402',
    'L0602',
    'HbA1c(NGSP)',
    'HbA1c',
    '%',
    '%',
    1,
    range(4.9, 6.0),
    undefined,
    { diabetes: { centre: 7.3, swing: 0.8 } },
  ],
  [
    '3F015000002327101',
    'L0701',
    '中性脂肪',
    'TG',
    'mg/dL',
    'mg/dL',
    0,
    range(40, 234),
    range(30, 117),
    { lipids: { centre: 236, swing: 50 }, diabetes: { centre: 150, swing: 30 } },
  ],
  ['3F070000002327101', 'L0702', 'HDLコレステロール', 'HDL-C', 'mg/dL', 'mg/dL', 0, range(38, 90), range(48, 103)],
  [
    '3F077000002327101',
    'L0703',
    'LDLコレステロール',
    'LDL-C',
    'mg/dL',
    'mg/dL',
    0,
    range(65, 163),
    undefined,
    { lipids: { centre: 178, swing: 18 }, diabetes: { centre: 146, swing: 22 } },
  ],
];

/** What is measured, in the order of the report. */
export const ANALYTES: readonly Analyte[] = ROWS.map(
  ([jlac10, localCode, name, abbreviation, unit, ucum, decimals, male, female = male, tendencies = {}]) => ({
    jlac10,
    localCode,
    name,
    abbreviation,
    unit,
    ucum,
    decimals,
    male,
    female,
    tendencies,
  }),
);

/** eGFR is computed from creatinine, age and sex, not measured. */
export const ESTIMATED_GFR: Analyte = {
  jlac10: '8A065000002391901',
  localCode: 'L0402',
  name: '推算糸球体濾過量',
  abbreviation: 'eGFR',
  unit: 'mL/min/1.73m2',
  ucum: 'mL/min/{1.73_m2}',
  decimals: 1,
  male: { low: 60 },
  female: { low: 60 },
  tendencies: {},
};
