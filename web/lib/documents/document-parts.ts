import * as z from 'zod';
import { CodeableConcept, HumanName } from '#lib/results/fhir.ts';
import { conceptText } from '#lib/results/result-value.ts';
import { readBundle, type BundleContents, type Placed } from '#lib/results/bundle.ts';
import type { AnyResource } from '#lib/results/fhir.ts';

export const Reference = z.looseObject({ reference: z.string().optional(), display: z.string().optional() });
export const Amount = z.looseObject({ value: z.number().optional(), unit: z.string().optional() });

const Named = z.looseObject({ name: z.union([z.string(), z.array(HumanName)]).optional() });
const Coded = z.looseObject({
  code: CodeableConcept.optional(),
  medicationCodeableConcept: CodeableConcept.optional(),
});

/** A bundle whose references can be followed. */
export interface OpenBundle {
  readonly contents: BundleContents;
  find(reference: string | undefined): AnyResource | undefined;
}

/** @throws {BundleError} */
export function openBundle(json: unknown): OpenBundle {
  const contents = readBundle(json);
  const all: readonly Placed<AnyResource>[] = [...contents.patients, ...contents.observations, ...contents.others];
  return {
    contents,
    find: (reference) =>
      reference === undefined
        ? undefined
        : all.find(
            ({ fullUrl, resource }) =>
              fullUrl === reference || reference === `${resource.resourceType}/${resource.id ?? ''}`,
          )?.resource,
  };
}

/** How people call what a reference points at: a name, a code's text, or what stands beside it. */
export function nameOf(bundle: OpenBundle, reference: z.infer<typeof Reference> | undefined): string | undefined {
  const resource = bundle.find(reference?.reference);
  const named = Named.safeParse(resource).data?.name;
  if (typeof named === 'string') return named;
  const [first] = named ?? [];
  if (first) return first.text ?? [first.family, ...(first.given ?? [])].filter(Boolean).join(' ');
  const coded = Coded.safeParse(resource).data;
  return conceptText(coded?.code) ?? conceptText(coded?.medicationCodeableConcept) ?? reference?.display;
}

/** Numbers as they were, without a trailing zero more. */
export const amountText = ({ value, unit }: z.infer<typeof Amount>): string =>
  value === undefined ? '' : `${value}${unit ?? ''}`;
