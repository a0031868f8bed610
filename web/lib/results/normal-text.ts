/**
 * Text made comparable: compatibility forms folded (NFKC: full-width digits, half-width kana, Kangxi radicals), dashes
 * and blanks unified, case kept. For comparing and grouping only; what is shown stays as it was sent.
 */
export function normaliseText(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[‐‑‒–—―−－]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** A person's name made comparable: as above, katakana for hiragana, no blanks, no case. */
export function normaliseName(name: string): string {
  return normaliseText(name)
    .replaceAll(' ', '')
    .replaceAll(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + KATAKANA_OFFSET))
    .toUpperCase();
}

const KATAKANA_OFFSET = 0x60;
