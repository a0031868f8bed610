import type { Catalogue } from './catalogue.ts';
import type { Language } from './language.ts';

const LOADERS: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  ja: async () => (await import('./ja.ts')).ja,
  en: async () => (await import('./en.ts')).en,
};

/** Fetches one language; the service worker keeps both, so that the switch also works offline. */
export const loadCatalogue = (language: Language): Promise<Catalogue> => LOADERS[language]();
