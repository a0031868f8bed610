/**
 * JSON with its numbers as they were written: `4.0` stays `4.0` when the value is given to `JSON.stringify` again. In
 * FHIR a decimal's digits carry its precision (R4 §2.24.0.1), which a JavaScript number forgets. Members keep their
 * order; only white space between tokens is not kept.
 *
 * A number whose digits a JavaScript number would change arrives as a raw JSON object, good for being passed on and for
 * nothing else. Very deep nesting ends in a RangeError: ask `isShallow` first.
 *
 * @throws {SyntaxError}
 */
export function parseFaithfulJson(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, context: SourceContext): unknown =>
    typeof value === 'number' && context.source !== undefined && String(value) !== context.source
      ? JSON.rawJSON(context.source)
      : value,
  );
}

/** ECMAScript's JSON.parse source text access, which the compiler's library does not describe yet. */
interface SourceContext {
  /** How a primitive was written; absent for arrays and objects. */
  readonly source?: string;
}

declare global {
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: SourceContext) => unknown): unknown;
    rawJSON(text: string): object;
  }
}

/** Nesting that no honest document reaches. */
export const JSON_DEPTH_LIMIT = 64;

/** Whether a parsed value nests at most `JSON_DEPTH_LIMIT` deep. */
export function isShallow(value: unknown, left = JSON_DEPTH_LIMIT): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return left > 0 && Object.values(value).every((inner) => isShallow(inner, left - 1));
}
