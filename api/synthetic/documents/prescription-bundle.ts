import { createParties, momentOf, textConcept, urlsOf, type DocumentSource } from './document-parts.ts';

/** Drugs of a made-up prescription: name, HOT-like free name only, dose a time, unit, how, days. */
const DRUGS = [
  { name: 'アムロジピン錠5mg', dose: 1, unit: '錠', usage: '1日1回 朝食後', times: 1, days: 28 },
  { name: 'メトホルミン塩酸塩錠250mg', dose: 2, unit: '錠', usage: '1日2回 朝夕食後', times: 2, days: 28 },
  { name: 'ロスバスタチン錠2.5mg', dose: 1, unit: '錠', usage: '1日1回 夕食後', times: 1, days: 28 },
  { name: 'ロキソプロフェン錠60mg', dose: 1, unit: '錠', usage: '痛いとき 1回1錠', times: 1, days: 10 },
] as const;

/** A prescription in the shape of ePrescription: a document whose sections name MedicationRequests. */
export function createPrescriptionBundle(source: DocumentSource) {
  const url = urlsOf(source, 'prescription');
  const reference = (part: string) => ({ reference: url(part) });
  const drugs = DRUGS.map((drug, i) => ({
    fullUrl: url(`drug-${i}`),
    resource: {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: textConcept(drug.name),
      subject: reference('patient'),
      authoredOn: momentOf(source),
      requester: reference('practitioner'),
      groupIdentifier: { system: 'urn:oid:1.2.392.100495.20.3.81', value: String(i + 1) },
      dosageInstruction: [
        {
          text: drug.usage,
          timing: {
            repeat: {
              boundsDuration: { value: drug.days, unit: '日', system: 'http://unitsofmeasure.org', code: 'd' },
            },
          },
          doseAndRate: [{ doseQuantity: { value: drug.dose, unit: drug.unit } }],
        },
      ],
      dispenseRequest: {
        quantity: { value: drug.dose * drug.times * drug.days, unit: drug.unit },
        expectedSupplyDuration: { value: drug.days, unit: '日', system: 'http://unitsofmeasure.org', code: 'd' },
      },
    },
  }));
  return {
    resourceType: 'Bundle',
    type: 'document',
    timestamp: momentOf(source),
    identifier: { system: 'urn:ietf:rfc:3986', value: url('bundle') },
    entry: [
      {
        fullUrl: url('composition'),
        resource: {
          resourceType: 'Composition',
          status: 'final',
          type: { coding: [{ system: 'http://loinc.org', code: '57833-6', display: 'Prescription for medication' }] },
          subject: reference('patient'),
          date: momentOf(source),
          author: [reference('practitioner'), reference('organization')],
          title: '処方箋',
          section: [{ title: '処方', entry: drugs.map(({ fullUrl }) => ({ reference: fullUrl })) }],
        },
      },
      ...createParties(source, url),
      ...drugs,
    ],
  };
}
