import type * as z from 'zod';
import { BundleError } from './bundle-error.ts';
import { Bundle, Observation, Patient, type AnyResource } from './fhir.ts';

/** A resource and where it stands, so that a complaint can name the place. */
export interface Placed<T> {
  readonly resource: T;
  /** FHIRPath of the resource, e.g. `Bundle.entry[2].resource`. */
  readonly element: string;
  readonly fullUrl: string | undefined;
}

export interface BundleContents {
  readonly bundle: Bundle;
  readonly patients: readonly Placed<Patient>[];
  readonly observations: readonly Placed<Observation>[];
  readonly others: readonly Placed<AnyResource>[];
  /** Resources that do not fit FHIR, with what is wrong; the rest of the bundle is still read. */
  readonly unreadable: readonly BundleError[];
}

/**
 * Reads a bundle that already arrived: what can be read is read, what cannot is named.
 *
 * @throws {BundleError} `bundle_not_fhir`, `bundle_malformed`
 */
export function readBundle(json: unknown): BundleContents {
  if (typeof json !== 'object' || json === null || !('resourceType' in json) || json.resourceType !== 'Bundle') {
    throw new BundleError('bundle_not_fhir', 'resourceType');
  }
  const bundle = Bundle.safeParse(json);
  if (!bundle.success) throw malformed('Bundle', bundle.error);

  const patients: Placed<Patient>[] = [];
  const observations: Placed<Observation>[] = [];
  const others: Placed<AnyResource>[] = [];
  const unreadable: BundleError[] = [];
  bundle.data.entry.forEach(({ resource, fullUrl }, index) => {
    const element = `Bundle.entry[${index}].resource`;
    if (resource.resourceType === 'Patient') place(Patient, patients);
    else if (resource.resourceType === 'Observation') place(Observation, observations);
    else others.push({ resource, element, fullUrl });

    function place<T>(schema: z.ZodType<T>, into: Placed<T>[]): void {
      const parsed = schema.safeParse(resource);
      if (parsed.success) into.push({ resource: parsed.data, element, fullUrl });
      else unreadable.push(malformed(element, parsed.error));
    }
  });
  return { bundle: bundle.data, patients, observations, others, unreadable };
}

function malformed(element: string, error: z.ZodError): BundleError {
  const path = error.issues[0]?.path ?? [];
  return new BundleError('bundle_malformed', path.reduce<string>(appendStep, element), { cause: error });
}

const appendStep = (path: string, step: PropertyKey): string =>
  typeof step === 'number' ? `${path}[${step}]` : `${path}.${String(step)}`;
