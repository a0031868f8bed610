import { isLanguage, type Language } from '#lib/i18n/language.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The hand that holds the tablet; actions sit at the other hand's thumb. */
export const HANDS = ['left', 'right'] as const;
export type Hand = (typeof HANDS)[number];

/** How cards prove that they are here: by a tap, with the PIN, or past a certified terminal, of which there are simulated ones. */
export const PRESENCE_CHOICES = ['tap', 'pin', 'terminal'] as const;
export type PresenceChoice = (typeof PRESENCE_CHOICES)[number];

/** Minutes without a touch after which the screen locks. */
export const LOCK_MINUTES = [1, 3, 5, 10, 30] as const;
export type LockMinutes = (typeof LOCK_MINUTES)[number];

/** Where preferences are kept: `localStorage`, or a map in tests. They are no secrets and name nobody. */
export interface PreferenceStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'tsunagi.preferences';

interface Values {
  readonly language: Language;
  readonly theme: Theme;
  /** Stronger text and lines, whatever the device asks for. */
  readonly isContrastHigh: boolean;
  readonly holdingHand: Hand;
  readonly presenceChoice: PresenceChoice;
  readonly isTapAutomatic: boolean;
  readonly isSoundOn: boolean;
  readonly lockMinutes: LockMinutes;
  /** The demonstration's cards are in sight. */
  readonly isTrayOpen: boolean;
}

/** How this person likes the app on this device. Every change is kept at once. */
export class Preferences {
  #values: Values;
  readonly #store: PreferenceStore;

  constructor(store: PreferenceStore, browserLanguages: readonly string[]) {
    this.#store = store;
    this.#values = $state.raw(parse(store.getItem(KEY), browserLanguages));
  }

  get language(): Language {
    return this.#values.language;
  }

  get theme(): Theme {
    return this.#values.theme;
  }

  get isContrastHigh(): boolean {
    return this.#values.isContrastHigh;
  }

  get holdingHand(): Hand {
    return this.#values.holdingHand;
  }

  get presenceChoice(): PresenceChoice {
    return this.#values.presenceChoice;
  }

  get isTapAutomatic(): boolean {
    return this.#values.isTapAutomatic;
  }

  get isSoundOn(): boolean {
    return this.#values.isSoundOn;
  }

  get lockMinutes(): LockMinutes {
    return this.#values.lockMinutes;
  }

  get isTrayOpen(): boolean {
    return this.#values.isTrayOpen;
  }

  change(values: Partial<Values>): void {
    this.#values = { ...this.#values, ...values };
    this.#store.setItem(KEY, JSON.stringify(this.#values));
  }
}

function parse(text: string | null, browserLanguages: readonly string[]): Values {
  const kept = readObject(text);
  const language = kept['language'];
  const wantsEnglish = browserLanguages.length > 0 && !browserLanguages.some((tag) => tag.startsWith('ja'));
  return {
    language: isLanguage(language) ? language : wantsEnglish ? 'en' : 'ja',
    theme: THEMES.find((theme) => theme === kept['theme']) ?? 'system',
    isContrastHigh: kept['isContrastHigh'] === true,
    holdingHand: HANDS.find((hand) => hand === kept['holdingHand']) ?? 'left',
    presenceChoice: PRESENCE_CHOICES.find((choice) => choice === kept['presenceChoice']) ?? 'tap',
    isTapAutomatic: kept['isTapAutomatic'] !== false,
    isSoundOn: kept['isSoundOn'] === true,
    lockMinutes: LOCK_MINUTES.find((minutes) => minutes === kept['lockMinutes']) ?? 5,
    isTrayOpen: kept['isTrayOpen'] !== false,
  };
}

function readObject(text: string | null): Readonly<Record<string, unknown>> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Written by another version or by hand: start from the defaults.
    return {};
  }
}
