import { parseArgs } from 'node:util';

/**
 * What the command line asks for. `usage` stands for everything that is not understood; without `trust` the pinned keys
 * are looked for.
 */
export type Command =
  | { readonly kind: 'usage' }
  | { readonly kind: 'verify'; readonly file: string; readonly trust?: string; readonly language: Language }
  | {
      readonly kind: 'audit';
      readonly file: string;
      readonly url: string;
      readonly trust?: string;
      readonly language: Language;
    };

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Reads `verify FILE` or `audit FILE URL`, with `--trust FILE` and `--lang ja|en`; without `--lang` the environment's locale decides. */
export function parseCommand(args: readonly string[], locale: string | undefined): Command {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { trust: { type: 'string' }, lang: { type: 'string' } },
    });
    const [verb, file, url, ...rest] = positionals;
    const wanted = values.lang ?? (locale?.startsWith('ja') ? 'ja' : 'en');
    const language = LANGUAGES.find((known) => known === wanted);
    if (!file || rest.length > 0 || !language) return { kind: 'usage' };
    const trust = values.trust === undefined ? {} : { trust: values.trust };
    if (verb === 'verify' && !url) return { kind: 'verify', file, ...trust, language };
    if (verb === 'audit' && url && URL.canParse(url)) return { kind: 'audit', file, url, ...trust, language };
    return { kind: 'usage' };
  } catch {
    // parseArgs throws for options it does not know.
    return { kind: 'usage' };
  }
}
