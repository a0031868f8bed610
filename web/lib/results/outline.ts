import * as z from 'zod';
import type { BundleContents } from './bundle.ts';
import { CodeableConcept, FhirDateTime } from './fhir.ts';
import { conceptText } from './result-value.ts';

/** What a document other than a laboratory sheet holds, enough to know whether to open it. */
export interface OutlineItem {
  readonly kind: 'title' | 'section' | 'medication' | 'other';
  readonly text: string;
  readonly detail: string | undefined;
}

const Composition = z.looseObject({
  title: z.string().optional(),
  date: FhirDateTime.optional(),
  section: z.array(z.looseObject({ title: z.string().optional(), code: CodeableConcept.optional() })).optional(),
});
const MedicationRequest = z.looseObject({
  medicationCodeableConcept: CodeableConcept.optional(),
  dosageInstruction: z.array(z.looseObject({ text: z.string().optional() })).optional(),
});

/** Reads titles, sections and medicines. Resources that only support these (practitioners, organisations) are left out. */
export function readOutline({ others }: Pick<BundleContents, 'others'>): readonly OutlineItem[] {
  return others.flatMap(({ resource }): readonly OutlineItem[] => {
    switch (resource.resourceType) {
      case 'Composition': {
        const { title, date, section } = Composition.safeParse(resource).data ?? {};
        const sections = (section ?? []).map(({ title, code }) => title ?? conceptText(code) ?? '');
        return [
          { kind: 'title', text: title ?? resource.resourceType, detail: date },
          ...sections
            .filter((text) => text !== '')
            .map((text) => ({ kind: 'section', text, detail: undefined }) as const),
        ];
      }
      case 'MedicationRequest': {
        const { medicationCodeableConcept, dosageInstruction } = MedicationRequest.safeParse(resource).data ?? {};
        const text = conceptText(medicationCodeableConcept) ?? resource.resourceType;
        return [{ kind: 'medication', text, detail: dosageInstruction?.[0]?.text }];
      }
      case 'Condition':
      case 'AllergyIntolerance':
      case 'DiagnosticReport':
      case 'DocumentReference':
        return [{ kind: 'other', text: readCode(resource) ?? resource.resourceType, detail: resource.resourceType }];
      default:
        return [];
    }
  });
}

const readCode = (resource: unknown): string | undefined =>
  conceptText(z.looseObject({ code: CodeableConcept.optional() }).safeParse(resource).data?.code);
