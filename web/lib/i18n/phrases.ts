import type { Language } from './language.ts';

const BETWEEN_WORDS: Readonly<Record<Language, string>> = { ja: '、', en: ', ' };
const BETWEEN_FACTS: Readonly<Record<Language, string>> = { ja: '・', en: ', ' };
const AFTER_LABEL: Readonly<Record<Language, string>> = { ja: '：', en: ': ' };

/** Several words as a list: 検査結果、処方 or laboratory results, prescriptions. */
export const joinWords = (words: readonly string[], language: Language): string => words.join(BETWEEN_WORDS[language]);

/** Short facts about one thing: 54歳・女性 or 54 years, female. */
export const joinFacts = (facts: readonly string[], language: Language): string => facts.join(BETWEEN_FACTS[language]);

/** A word and what it says: 場所：… or Place: … */
export const withLabel = (label: string, text: string | number, language: Language): string =>
  `${label}${AFTER_LABEL[language]}${text}`;
