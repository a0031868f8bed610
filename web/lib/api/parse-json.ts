/** ECMAScript's JSON.parse source text access: how a primitive was written. */
interface SourceContext {
  readonly source?: string;
}

/** Where the digits of a decimal are kept: beside `value`, as FHIR keeps what belongs to a primitive (R4 §2.6.2). */
export interface DecimalDigits {
  readonly source: string;
}

/**
 * Parses JSON and remembers how a `value` was written when a JavaScript number forgets it: `"value": 7.0` is 7 and gets
 * a neighbour `"_value": { "source": "7.0" }`. In FHIR the digits say how precisely something was measured (R4 §2.24.0.1).
 * A browser that does not tell the source leaves the neighbour out.
 *
 * @throws {SyntaxError}
 */
export function parseJson(text: string): unknown {
  const parsed: unknown = JSON.parse(
    text,
    function (this: unknown, key: string, value: unknown, context?: SourceContext) {
      const source = context?.source;
      if (key === 'value' && typeof value === 'number' && source !== undefined && source !== String(value)) {
        Object.assign(this as object, { _value: { source } satisfies DecimalDigits });
      }
      return value;
    },
  );
  return parsed;
}
