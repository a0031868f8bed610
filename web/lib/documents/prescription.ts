import * as z from 'zod';
import { CodeableConcept, FhirDateTime } from '#lib/results/fhir.ts';
import { conceptText } from '#lib/results/result-value.ts';
import { Amount, amountText, nameOf, openBundle, Reference, type OpenBundle } from './document-parts.ts';

const MedicationRequest = z.looseObject({
  medicationCodeableConcept: CodeableConcept.optional(),
  medicationReference: Reference.optional(),
  authoredOn: FhirDateTime.optional(),
  requester: Reference.optional(),
  note: z.array(z.looseObject({ text: z.string().optional() })).optional(),
  dosageInstruction: z
    .array(
      z.looseObject({
        text: z.string().optional(),
        patientInstruction: z.string().optional(),
        timing: z
          .looseObject({
            code: CodeableConcept.optional(),
            repeat: z.looseObject({ boundsDuration: Amount.optional() }).optional(),
          })
          .optional(),
        doseAndRate: z.array(z.looseObject({ doseQuantity: Amount.optional() })).optional(),
      }),
    )
    .optional(),
  dispenseRequest: z.looseObject({ quantity: Amount.optional(), expectedSupplyDuration: Amount.optional() }).optional(),
});

type MedicationRequest = z.infer<typeof MedicationRequest>;

/** One medicine of a prescription, as a pharmacist reads it. */
export interface PrescribedDrug {
  readonly name: string;
  readonly dose: string;
  readonly usage: string;
  readonly days: number | undefined;
  readonly total: string;
}

export interface Prescription {
  readonly date: string | undefined;
  readonly prescriber: string | undefined;
  readonly drugs: readonly PrescribedDrug[];
}

/** @throws {BundleError} */
export function readPrescription(json: unknown): Prescription {
  const bundle = openBundle(json);
  const requests = bundle.contents.others.flatMap(({ resource }): readonly MedicationRequest[] => {
    const request = MedicationRequest.safeParse(resource).data;
    return request && resource.resourceType === 'MedicationRequest' ? [request] : [];
  });
  const [first] = requests;
  return {
    date: first?.authoredOn,
    prescriber: nameOf(bundle, first?.requester),
    drugs: requests.map((request) => readDrug(bundle, request)),
  };
}

function readDrug(bundle: OpenBundle, request: MedicationRequest): PrescribedDrug {
  const { dosageInstruction: [dosage] = [], dispenseRequest } = request;
  const duration = dispenseRequest?.expectedSupplyDuration ?? dosage?.timing?.repeat?.boundsDuration;
  const name = conceptText(request.medicationCodeableConcept) ?? nameOf(bundle, request.medicationReference);
  const notes = (request.note ?? []).flatMap(({ text }) => text ?? []);
  const usage = dosage?.text ?? conceptText(dosage?.timing?.code) ?? dosage?.patientInstruction;
  return {
    name: name ?? '',
    dose: amountText(dosage?.doseAndRate?.[0]?.doseQuantity ?? {}),
    usage: [usage ?? '', ...notes].filter((text) => text !== '').join(' '),
    days: duration?.value,
    total: amountText(dispenseRequest?.quantity ?? {}),
  };
}
