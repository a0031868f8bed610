import type { Catalogue } from './catalogue.ts';
import type { Language } from './language.ts';

/** Loads one language's catalogue; each is a chunk of its own. */
export type CatalogueLoader = (language: Language) => Promise<Catalogue>;

/** The language on screen and its messages. `t` follows when the language changes. */
export class I18n {
  #language = $state.raw<Language>('ja');
  #catalogue: Catalogue;
  readonly #load: CatalogueLoader;

  private constructor(language: Language, catalogue: Catalogue, load: CatalogueLoader) {
    this.#language = language;
    this.#catalogue = $state.raw(catalogue);
    this.#load = load;
  }

  static async create(language: Language, load: CatalogueLoader): Promise<I18n> {
    return new I18n(language, await load(language), load);
  }

  get language(): Language {
    return this.#language;
  }

  get t(): Catalogue {
    return this.#catalogue;
  }

  async change(language: Language): Promise<void> {
    const catalogue = await this.#load(language);
    this.#catalogue = catalogue;
    this.#language = language;
  }

  /** The part of a two-language name that is on screen. */
  name(name: { readonly ja: string; readonly en: string }): string {
    return name[this.#language];
  }
}
