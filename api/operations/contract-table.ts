/** One operation out of the table at the top of a contract file. */
export interface ContractOperation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As Hono writes it: `/api/visits/:id`. */
  readonly path: string;
  /** Names of query parameters. */
  readonly query: readonly string[];
  /** The right cell, as it stands. */
  readonly says: string;
  /** Names of the schemas, where the cell names them. */
  readonly body: string | undefined;
  readonly answer: string | undefined;
  readonly status: number;
}

const METHODS = ['get', 'post', 'put', 'delete'] as const;

/**
 * Reads the HTTP table in a contract file's comment: the same table that people read there. A left cell holds one or more
 * requests in backticks, `…/word` for one that differs in its last part.
 */
export function parseContractTable(source: string): readonly ContractOperation[] {
  const rows = [...source.matchAll(/^ \* \| (`(?:GET|POST|PUT|DELETE) .*?) \| (.*) \|$/gm)];
  return rows.flatMap(([, left = '', says = '']) => {
    let before: { readonly method: ContractOperation['method']; readonly path: string } | undefined;
    return [...left.matchAll(/`([^`]+)`/g)].flatMap(([, text = '']) => {
      const request = /^([A-Z]+) (\S+)$/.exec(text);
      const method = METHODS.find((known) => known === request?.[1]?.toLowerCase()) ?? before?.method;
      const address =
        request?.[2] ?? (text.startsWith('…/') ? before?.path.replace(/[^/]+$/, text.slice(2)) : undefined);
      if (!method || address === undefined) return [];
      const [path = '', search = ''] = address.split('?');
      before = { method, path };
      return [{ method, path, query: namesOf(search), says, ...readAnswer(says) }];
    });
  });
}

const namesOf = (search: string): readonly string[] =>
  search.split('&').flatMap((pair) => (pair === '' ? [] : [pair.split('=')[0] ?? '']));

function readAnswer(says: string) {
  const [before = '', after = ''] = says.split('→');
  const status = Number(/\b(20\d)\b/.exec(after)?.[1] ?? 200);
  return { body: schemaIn(before), answer: schemaIn(after), status };
}

/** The first word that is written like a schema. */
const schemaIn = (text: string): string | undefined => /(?<![`\w-])([A-Z][a-z]+(?:[A-Z][a-z]*)*)\b/.exec(text)?.[1];
