import { parseArgs } from 'node:util';

/**
 * What the command line asks for. `usage` stands for everything that is not understood; without `trust` the pinned keys
 * are looked for.
 */
export type Command =
  | { readonly kind: 'usage' }
  | { readonly kind: 'help' }
  | { readonly kind: 'verify'; readonly file: string; readonly trust?: string; readonly language: Language }
  | {
      readonly kind: 'audit';
      readonly file: string;
      readonly url: string;
      readonly trust?: string;
      readonly language: Language;
    }
  | (OperatorCommand & {
      readonly kind: 'export';
      readonly begin: number;
      readonly end: number;
      readonly file: string;
    })
  | (OperatorCommand & { readonly kind: 'forget'; readonly subject: string });

/** Whom an operator's command speaks to, and as whom; `key` is the file of a private JWK. */
interface OperatorCommand {
  readonly url: string;
  readonly operator: string;
  readonly key: string;
  readonly language: Language;
}

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * Reads `verify FILE`, `audit FILE URL`, `export URL BEGIN END FILE` or `forget URL SUBJECT`, with `--trust FILE` and
 * `--lang ja|en`; without `--lang` the environment's locale decides. `--help` stands above everything else.
 */
export function parseCommand(args: readonly string[], locale: string | undefined): Command {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        trust: { type: 'string' },
        lang: { type: 'string' },
        operator: { type: 'string' },
        key: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { kind: 'help' };
    const wanted = values.lang ?? (locale?.startsWith('ja') ? 'ja' : 'en');
    const language = LANGUAGES.find((known) => known === wanted);
    if (!language) return { kind: 'usage' };
    const operated = parseOperated(positionals, values, language);
    if (operated) return operated;
    const [verb, file, url, ...rest] = positionals;
    if (!file || rest.length > 0) return { kind: 'usage' };
    const trust = values.trust === undefined ? {} : { trust: values.trust };
    if (verb === 'verify' && !url) return { kind: 'verify', file, ...trust, language };
    if (verb === 'audit' && url && URL.canParse(url)) return { kind: 'audit', file, url, ...trust, language };
    return { kind: 'usage' };
  } catch {
    // parseArgs throws for options it does not know.
    return { kind: 'usage' };
  }
}

/** What an operator orders; `undefined` for everything else. */
function parseOperated(
  [verb, url = '', ...rest]: readonly string[],
  { operator, key }: { readonly operator?: string | undefined; readonly key?: string | undefined },
  language: Language,
): Command | undefined {
  if (!operator || !key || !URL.canParse(url)) return undefined;
  const call = { url: new URL(url).origin, operator, key, language };
  const [first = '', second = '', file = '', ...more] = rest;
  const [begin, end] = [Number(first), Number(second)];
  const isRange = Number.isSafeInteger(begin) && Number.isSafeInteger(end) && begin >= 0 && begin < end;
  if (verb === 'export' && isRange && file && more.length === 0) return { kind: 'export', ...call, begin, end, file };
  if (verb === 'forget' && first && rest.length === 1) return { kind: 'forget', ...call, subject: first };
  return undefined;
}
