import type { Day } from '../calendar.ts';
import type { SyntheticInstitution } from '../institutions.ts';
import type { Measurement } from './measure.ts';

const SYSTEM = {
  category: 'http://jpfhir.jp/fhir/core/CodeSystem/JP_SimpleObservationCategory_CS',
  localCode: 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS',
  coreLabo: 'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_CoreLabo_CS',
  jlac10: 'http://medis.or.jp/CodeSystem/master-JLAC10-17digits',
  instance: 'http://jpfhir.jp/fhir/core/IdSystem/resourceInstance-identifier',
  institution: 'http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no',
  material: 'http://jpfhir.jp/fhir/core/CodeSystem/JP_ObservationSampleMaterialCode_CS',
  interpretation: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
  ucum: 'http://unitsofmeasure.org',
} as const;

const MATERIALS: Readonly<Record<string, string>> = { '019': '全血(添加物入り)', '023': '血清' };

export interface ObservationPlace {
  /** `urn:uuid:` of the Patient in the same bundle. */
  readonly subject: string;
  readonly institution: SyntheticInstitution;
  readonly day: Day;
  readonly id: string;
}

/** A FHIR R4 Observation in the shape of JP_Observation_LabResult_eCS. */
export function createLabObservation(measurement: Measurement, { subject, institution, day, id }: ObservationPlace) {
  const { analyte, value, range, flag } = measurement;
  const issued = `${day}T15:30:00+09:00`;
  const quantity = (amount: number) => ({ value: amount, unit: analyte.unit, system: SYSTEM.ucum, code: analyte.ucum });
  const material = analyte.jlac10.slice(9, 12);
  return {
    resourceType: 'Observation',
    id,
    meta: {
      lastUpdated: issued,
      profile: ['http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Observation_LabResult_eCS'],
    },
    language: 'ja',
    contained: [
      {
        resourceType: 'Specimen',
        id: 'specimen',
        type: { coding: [{ system: SYSTEM.material, code: material, display: MATERIALS[material] ?? material }] },
      },
      {
        resourceType: 'Encounter',
        id: 'encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: '外来' },
      },
    ],
    extension: [
      {
        url: 'http://jpfhir.jp/fhir/clins/Extension/StructureDefinition/JP_eCS_InstitutionNumber',
        valueIdentifier: { system: SYSTEM.institution, value: institution.code },
      },
    ],
    identifier: [{ system: SYSTEM.instance, value: id }],
    status: 'final',
    category: [{ coding: [{ system: SYSTEM.category, code: 'laboratory' }] }],
    code: {
      coding: [
        { system: SYSTEM.localCode, code: analyte.localCode, display: analyte.name },
        { system: SYSTEM.coreLabo, code: analyte.jlac10, display: analyte.abbreviation },
        { system: SYSTEM.jlac10, code: analyte.jlac10, display: analyte.name },
      ],
      text: analyte.name,
    },
    subject: { reference: subject },
    encounter: { reference: '#encounter' },
    effectiveDateTime: `${day}T09:10:00+09:00`,
    issued,
    performer: [{ display: institution.name.ja }],
    valueQuantity: quantity(value),
    ...(flag && { interpretation: [{ coding: [{ system: SYSTEM.interpretation, code: flag }] }] }),
    specimen: { reference: '#specimen' },
    referenceRange: [
      {
        ...(range.low !== undefined && { low: quantity(range.low) }),
        ...(range.high !== undefined && { high: quantity(range.high) }),
      },
    ],
  } as const;
}
