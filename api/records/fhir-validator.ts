import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { Problem } from '../contract/problem.ts';
import { requireSingleChoices } from './fhir-choices.ts';
import { definitionFile, indexDefinitions, readDefinition } from './definitions.ts';

/** Refuses what does not follow FHIR R4. */
export interface FhirValidator {
  /** @throws {Problem} `fhir_invalid`, naming the element as a FHIRPath location; never a value */
  requireValid(resource: object): Promise<void>;
}

const Issues = z.object({
  outcome: z.object({
    issue: z.array(
      z.object({
        severity: z.string(),
        details: z.object({ text: z.string().optional() }).optional(),
        expression: z.array(z.string()).optional(),
      }),
    ),
  }),
});
const Definition = z.object({ resource: z.looseObject({ resourceType: z.literal('StructureDefinition') }) });
const DefinitionBundle = z.looseObject({ resourceType: z.literal('Bundle'), type: z.literal('collection') });
const Typed = z.looseObject({ resourceType: z.string() });

/** Types that every resource is built on. */
const ROOTS = ['Resource', 'DomainResource'];

/**
 * Holds resources against the R4 definitions with Medplum's validator. Library and definitions are loaded with the first
 * resource: a gateway at which nothing is registered never pays for them. Of the 148 resource types only those that occur
 * are read.
 */
export function createFhirValidator(): FhirValidator {
  let opening: ReturnType<typeof openValidator> | undefined;
  return {
    async requireValid(resource) {
      opening ??= openValidator();
      (await opening).requireValid(resource);
    },
  };
}

async function openValidator() {
  const { indexStructureDefinitionBundle, isDataTypeLoaded, loadDataType, tryGetDataType, validateResource } =
    await import('@medplum/core');
  const index = indexDefinitions(definitionFile('profiles-resources.json'));
  const types: unknown = JSON.parse(readFileSync(definitionFile('profiles-types.json'), 'utf8'));
  indexStructureDefinitionBundle(
    checked<Parameters<typeof indexStructureDefinitionBundle>[0]>(DefinitionBundle, types),
  );

  const load = (type: string, element: string) => {
    if (isDataTypeLoaded(type)) return;
    const text = readDefinition(index, type);
    if (text === undefined) throw new Problem('fhir_invalid', `${element}.resourceType`);
    const { resource } = Definition.parse(JSON.parse(text));
    loadDataType(checked<Parameters<typeof loadDataType>[0]>(Definition.shape.resource, resource));
  };
  ROOTS.forEach((type) => load(type, type));

  return {
    requireValid(resource: object) {
      const name = 'resourceType' in resource ? String(resource.resourceType) : 'Resource';
      visitResources(resource, name, load);
      try {
        validateResource(checked<Parameters<typeof validateResource>[0]>(Typed, resource));
      } catch (error) {
        throw asProblem(error, name);
      }
      // The library looks at one member of a choice and lets a second one pass.
      requireSingleChoices(resource, name, (type) => tryGetDataType(type)?.elements);
    },
  };
}

/** The library's types speak of resources that hold; ours is what must be shown to. The schema is the check that earns it. */
function checked<T>(schema: z.ZodType, value: unknown): T {
  schema.parse(value);
  return value as T;
}

function visitResources(value: unknown, element: string, found: (type: string, element: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && 'resourceType' in value && typeof value.resourceType === 'string') {
    found(value.resourceType, element);
  }
  for (const [name, inner] of Object.entries(value)) {
    visitResources(inner, Array.isArray(value) ? `${element}[${name}]` : `${element}.${name}`, found);
  }
}

/** Which element, and in which respect; the library's text may quote a value and stays out. */
function asProblem(error: unknown, root: string): Problem {
  const parsed = Issues.safeParse(error);
  if (!parsed.success) return new Problem('fhir_invalid', root, { cause: error });
  const issue = parsed.data.outcome.issue.find(({ severity }) => severity === 'error' || severity === 'fatal');
  return new Problem('fhir_invalid', issue?.expression?.[0] ?? root, { cause: error });
}
