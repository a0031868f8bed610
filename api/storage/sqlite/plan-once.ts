/** A quoted text, or a parameter: `?`, `?1`, `$name`. */
const QUOTED_OR_PARAMETER = /'(?:[^']|'')*'|\?\d*|\$\w+/g;

/**
 * The same statement, planned when it is prepared and never again.
 *
 * The SQLite that comes with the driver (STAT4 compiled in) looks at the value of a bare parameter beside a join, an `ORDER BY`
 * or as a `LIMIT`, and then plans the statement anew for every value that is bound: 5 to 40 µs each time for what takes one.
 * An expression is not looked into, and `+?` is the same value with the same type.
 */
export const planOnce = (statement: string): string =>
  statement.replace(QUOTED_OR_PARAMETER, (found) => (found.startsWith("'") ? found : `+${found}`));
