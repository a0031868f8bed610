import * as z from 'zod';
import { CodeableConcept, FhirDateTime } from '#lib/results/fhir.ts';
import { conceptText } from '#lib/results/result-value.ts';
import { nameOf, openBundle, Reference, type OpenBundle } from './document-parts.ts';
import { readNarrative } from './narrative.ts';

const Section: z.ZodType<SectionData> = z.looseObject({
  title: z.string().optional(),
  code: CodeableConcept.optional(),
  text: z.looseObject({ div: z.string().optional() }).optional(),
  entry: z.array(Reference).optional(),
  section: z.lazy(() => z.array(Section)).optional(),
});
interface SectionData {
  readonly title?: string | undefined;
  readonly code?: z.infer<typeof CodeableConcept> | undefined;
  readonly text?: { readonly div?: string | undefined } | undefined;
  readonly entry?: readonly z.infer<typeof Reference>[] | undefined;
  readonly section?: readonly SectionData[] | undefined;
}
const Composition = z.looseObject({
  title: z.string().optional(),
  date: FhirDateTime.optional(),
  subject: Reference.optional(),
  author: z.array(Reference).optional(),
  custodian: Reference.optional(),
  section: z.array(Section).optional(),
});

export interface LetterSection {
  readonly title: string;
  /** Paragraphs, as text. */
  readonly text: string;
  /** What the section points at, by name. */
  readonly items: readonly string[];
  readonly depth: number;
}

/** A FHIR document as the letter it is. */
export interface Letter {
  readonly title: string;
  readonly date: string | undefined;
  readonly authors: readonly string[];
  readonly patient: string | undefined;
  readonly sections: readonly LetterSection[];
}

/** Reads a letter; `undefined` for a bundle that does not begin with a Composition. @throws {BundleError} */
export function readLetter(json: unknown): Letter | undefined {
  const bundle = openBundle(json);
  const found = bundle.contents.others.find(({ resource }) => resource.resourceType === 'Composition');
  const composition = Composition.safeParse(found?.resource).data;
  if (!found || !composition) return undefined;
  const names = (references: readonly z.infer<typeof Reference>[]) =>
    references.map((reference) => nameOf(bundle, reference)).filter((name) => name !== undefined);
  return {
    title: composition.title ?? '',
    date: composition.date,
    authors: [
      ...new Set(names([...(composition.author ?? []), ...(composition.custodian ? [composition.custodian] : [])])),
    ],
    patient: nameOf(bundle, composition.subject),
    sections: (composition.section ?? []).flatMap((section) => readSection(bundle, section, 0)),
  };
}

function readSection(bundle: OpenBundle, section: SectionData, depth: number): readonly LetterSection[] {
  const items = (section.entry ?? [])
    .map((reference) => nameOf(bundle, reference))
    .filter((name) => name !== undefined);
  const text = readNarrative(section.text?.div ?? '');
  const title = section.title ?? conceptText(section.code) ?? '';
  const inner = (section.section ?? []).flatMap((one) => readSection(bundle, one, depth + 1));
  const isEmpty = text === '' && items.length === 0 && inner.length === 0;
  return isEmpty ? [] : [{ title, text, items: [...new Set(items)], depth }, ...inner];
}
