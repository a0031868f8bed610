import { elementPath, type FhirBundle, type FhirResource } from './fhir-bundle.ts';
import { Problem } from './problem.ts';

/**
 * Requires that every literal reference that can only mean something inside this bundle does (R4 §2.36.4.1): `#id` a
 * contained resource, `urn:` and relative ones an entry. Absolute web addresses and logical references point elsewhere
 * and are left alone.
 *
 * @throws {Problem} `fhir_reference_missing`, naming the element
 */
export function requireReferences(bundle: FhirBundle): void {
  const urls = new Set(bundle.entry.map(({ fullUrl }) => fullUrl));
  const names = new Set(bundle.entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
  bundle.entry.forEach(({ resource }, i) => {
    const contained = new Set((resource.contained ?? []).map(({ id }) => id));
    const isKnown = (reference: string): boolean => {
      if (reference === '#') return true;
      if (reference.startsWith('#')) return contained.has(reference.slice(1));
      if (/^https?:\/\//.test(reference)) return true;
      return urls.has(reference) || names.has(withoutVersion(reference));
    };
    requireKnown(resource, ['entry', i, 'resource'], isKnown);
  });
}

const withoutVersion = (reference: string): string => reference.replace(/\/_history\/[^/]*$/, '');

function requireKnown(
  value: FhirResource[string],
  path: readonly PropertyKey[],
  isKnown: (reference: string) => boolean,
): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(name) : name];
    if (name === 'reference' && typeof inner === 'string' && !isKnown(inner)) {
      throw new Problem('fhir_reference_missing', elementPath(here));
    }
    requireKnown(inner, here, isKnown);
  }
}
