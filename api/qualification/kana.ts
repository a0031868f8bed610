/** Half-width katakana and marks (JIS X 0201) by their full-width forms, decomposed: voiced sounds are two characters. */
const HALF_WIDTH = new Map(
  Array.from({ length: 0xff9f - 0xff61 + 1 }, (_, i) => String.fromCharCode(0xff61 + i)).map((half) => [
    half.normalize('NFKD'),
    half,
  ]),
);

/** Katakana as the qualification system writes it. Other characters stay as they are. */
export function toHalfWidthKana(text: string): string {
  return Array.from(text.normalize('NFKD'), (character) => HALF_WIDTH.get(character) ?? character).join('');
}

/** Full-width katakana, family and given name with an ideographic space between. */
export function toFullWidthKana(text: string): string {
  return text.normalize('NFKC').trim().replaceAll(/\s+/g, '\u3000');
}
