import { Problem } from '../contract/problem.ts';

/** The elements of a FHIR type with the types that each may have. */
export type TypeElements = Readonly<Record<string, { readonly type: readonly { readonly code: string }[] }>>;

const CHOICE = '[x]';

/**
 * Refuses an element that makes a choice twice (FHIR R4 §2.6.1.1: "there is only one" of `value[x]`): one reader would take
 * the number, another the text.
 *
 * @param elementsOf a type's elements; undefined where nothing is known of it
 * @throws {Problem} `fhir_invalid`, naming the element
 */
export function requireSingleChoices(
  value: unknown,
  type: string,
  elementsOf: (type: string) => TypeElements | undefined,
  place = type,
): void {
  if (!isObject(value)) return;
  const actual = type === 'Resource' && typeof value['resourceType'] === 'string' ? value['resourceType'] : type;
  const elements = elementsOf(actual);
  if (!elements) return;
  const look = (name: string, at: string, innerType: string) => {
    const inner = value[name];
    if (Array.isArray(inner)) {
      inner.forEach((one, index) => requireSingleChoices(one, innerType, elementsOf, `${at}[${index}]`));
    } else requireSingleChoices(inner, innerType, elementsOf, at);
  };
  for (const [name, { type: types }] of Object.entries(elements)) {
    const at = `${place}.${name}`;
    if (!name.endsWith(CHOICE)) {
      look(name, at, types[0]?.code ?? '');
      continue;
    }
    const stem = name.slice(0, -CHOICE.length);
    const made = types.map(({ code }) => ({ code, name: `${stem}${code[0]?.toUpperCase()}${code.slice(1)}` }));
    // A primitive's extensions stand beside it under the name with an underscore (FHIR R4 §2.6.2.3).
    const chosen = made.filter((choice) => choice.name in value || `_${choice.name}` in value);
    if (chosen.length > 1) throw new Problem('fhir_invalid', at);
    chosen.forEach((choice) => look(choice.name, at, choice.code));
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
