import type { FirstCatalogue, RoomCatalogue } from './catalogue.ts';
import type { Language } from './language.ts';

/** Loads the two parts of a language; each is a chunk of its own, and the service worker keeps them all. */
export interface CatalogueLoaders {
  readonly first: (language: Language) => Promise<FirstCatalogue>;
  readonly rooms: (language: Language) => Promise<RoomCatalogue>;
}

const FIRST: Readonly<Record<Language, () => Promise<FirstCatalogue>>> = {
  ja: async () => (await import('./ja.ts')).ja,
  en: async () => (await import('./en.ts')).en,
};

const ROOMS: Readonly<Record<Language, () => Promise<RoomCatalogue>>> = {
  ja: async () => (await import('./ja-rooms.ts')).jaRooms,
  en: async () => (await import('./en-rooms.ts')).enRooms,
};

export const catalogueLoaders: CatalogueLoaders = {
  first: (language) => FIRST[language](),
  rooms: (language) => ROOMS[language](),
};
