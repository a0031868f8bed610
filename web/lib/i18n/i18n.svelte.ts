import type { Catalogue, FirstCatalogue, RoomCatalogue } from './catalogue.ts';
import type { Language } from './language.ts';
import type { CatalogueLoaders } from './load-catalogue.ts';

/** The language on screen and its messages. `t` follows when the language changes. */
export class I18n {
  #language = $state.raw<Language>('ja');
  #first: FirstCatalogue;
  #rooms = $state.raw<RoomCatalogue | undefined>(undefined);
  #catalogue: Catalogue;
  readonly #loaders: CatalogueLoaders;

  private constructor(language: Language, first: FirstCatalogue, loaders: CatalogueLoaders) {
    this.#language = language;
    this.#first = $state.raw(first);
    this.#loaders = loaders;
    // The layout awaits `loadRooms` before it shows any room that reads their part.
    this.#catalogue = $derived({ ...this.#first, ...this.#rooms } as Catalogue);
  }

  /** With the part that every window shows. */
  static async create(language: Language, loaders: CatalogueLoaders): Promise<I18n> {
    return new I18n(language, await loaders.first(language), loaders);
  }

  get language(): Language {
    return this.#language;
  }

  get t(): Catalogue {
    return this.#catalogue;
  }

  /** Fetches the messages of the other rooms, once. */
  async loadRooms(): Promise<void> {
    this.#rooms ??= await this.#loaders.rooms(this.#language);
  }

  async change(language: Language): Promise<void> {
    const [first, rooms] = await Promise.all([
      this.#loaders.first(language),
      this.#rooms && this.#loaders.rooms(language),
    ]);
    this.#first = first;
    this.#rooms = rooms;
    this.#language = language;
  }

  /** The part of a two-language name that is on screen. */
  name(name: { readonly ja: string; readonly en: string }): string {
    return name[this.#language];
  }
}
