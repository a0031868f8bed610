import type { Coding } from './fhir.ts';

/**
 * A JLAC10 code in its parts: analyte (5), identification (4), material (3), method (3), result identification (2). The
 * code has no unit; the unit travels with the value.
 */
export interface Jlac10 {
  readonly code: string;
  readonly analyte: string;
  readonly identification: string;
  readonly material: string;
  readonly method: string;
  readonly result: string;
}

const JLAC10_SYSTEMS = [
  'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_CoreLabo_CS',
  'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_InfectionLabo_CS',
  'http://medis.or.jp/CodeSystem/master-JLAC10-17digits',
  'http://jpfhir.jp/fhir/core/CodeSystem/JP_ObservationLabResultCode_CS',
  'urn:oid:1.2.392.200119.4.504',
];

/** Blood, whole (018), with additives (019), capillary (021), plasma (022), serum (023): one item in the national core set. */
const BLOOD_MATERIALS = ['018', '019', '021', '022', '023'];

/** Blood counts are coded alone or as parts of the count 2A990, with the part in the result identification. */
const BLOOD_COUNT = '2A990';
const BLOOD_COUNT_PARTS: Readonly<Record<string, readonly [analyte: string, result: string]>> = {
  51: ['2A020', '01'],
  52: ['2A010', '01'],
  53: ['2A030', '01'],
  54: ['2A040', '02'],
  55: ['2A050', '01'],
};

/** LD and ALP: the IFCC methods of 2020 give values several times apart from the JSCC methods before. */
const METHOD_MATTERS = ['3B050', '3B070'];

/** Parses a 17-digit code; `undefined` for anything else, such as the seventeen nines of an uncoded item. */
export function parseJlac10(code: string): Jlac10 | undefined {
  const parts = /^(\d[A-Z]\d{3})(\d{4})([0-9A-Z]{3})([0-9A-Z]{3})(\d{2})$/.exec(code);
  if (!parts) return undefined;
  const [, analyte = '', identification = '', material = '', method = '', result = ''] = parts;
  return { code, analyte, identification, material, method, result };
}

/** The first coding that is JLAC10. */
export function findJlac10(codings: readonly Coding[]): Jlac10 | undefined {
  for (const { system, code } of codings) {
    const parsed = system !== undefined && JLAC10_SYSTEMS.includes(system) ? parseJlac10(code ?? '') : undefined;
    if (parsed) return parsed;
  }
  return undefined;
}

/** The analyte, with the parts of a blood count told apart. */
export function analyteOf({ analyte, result }: Jlac10): readonly [analyte: string, result: string] {
  return (analyte === BLOOD_COUNT ? BLOOD_COUNT_PARTS[result] : undefined) ?? [analyte, result];
}

/**
 * What makes two values the same analyte. The method is left out where the national core set leaves it out: hospitals
 * differ in it and the values are read side by side all the same. That methods or materials differ is for the screen
 * to say.
 */
export function analyteKey(code: Jlac10): string {
  const [analyte, result] = analyteOf(code);
  const material = BLOOD_MATERIALS.includes(code.material) ? 'blood' : code.material;
  const method = METHOD_MATTERS.includes(analyte) ? `-${code.method}` : '';
  return `jlac10:${analyte}-${code.identification}-${material}-${result}${method}`;
}
