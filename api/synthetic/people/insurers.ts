import { insuranceCheckDigit } from '../check-digit.ts';

/** Law numbers that insurer numbers begin with (法別番号) and who is insured under them. */
export const INSURER_KINDS = {
  /** 全国健康保険協会 */
  association: '01',
  /** 組合管掌健康保険 */
  company: '06',
  /** 国家公務員共済組合 */
  mutualAid: '31',
  /** 国民健康保険: six digits, written with two zeros in front. */
  municipality: '00',
  /** 後期高齢者医療 */
  lateElderly: '39',
} as const;
export type InsurerKind = keyof typeof INSURER_KINDS;

/** A made-up insurer; its name says so. */
export interface SyntheticInsurer {
  readonly kind: InsurerKind;
  /** 保険者番号, eight digits. */
  readonly number: string;
  readonly name: string;
}

/** Law number, prefecture, a number that no insurer has, check digit. */
function insurer(kind: InsurerKind, prefecture: string, number: string, name: string): SyntheticInsurer {
  const digits = INSURER_KINDS[kind] + prefecture + number;
  return { kind, number: digits + insuranceCheckDigit(digits), name };
}

export const SYNTHETIC_INSURERS = {
  association: insurer('association', '13', '990', '架空健康保険協会 東京支部'),
  company: insurer('company', '27', '991', '架空製作所健康保険組合'),
  mutualAid: insurer('mutualAid', '13', '992', '架空省共済組合'),
  tokyo: insurer('municipality', '13', '993', '架空市国民健康保険(東京)'),
  osaka: insurer('municipality', '27', '994', '模擬市国民健康保険(大阪)'),
  lateElderly: insurer('lateElderly', '13', '995', '架空後期高齢者医療広域連合'),
} as const satisfies Record<string, SyntheticInsurer>;
export type InsurerKey = keyof typeof SYNTHETIC_INSURERS;
