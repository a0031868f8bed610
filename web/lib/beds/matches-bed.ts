import type { Bed } from '#api/contract/bed.ts';

/** Whether a bed is what somebody looks for: by ward, bed, name or kana, spaces and width aside. */
export function matchesBed({ ward, name, person }: Bed, search: string): boolean {
  const wanted = normalise(search);
  return [ward + name, person?.name ?? '', person?.kana ?? ''].some((text) => normalise(text).includes(wanted));
}

const normalise = (text: string): string => toKatakana(text.normalize('NFKC')).toLowerCase().replaceAll(/[\s-]/g, '');

const toKatakana = (text: string): string =>
  text.replaceAll(/[ぁ-ゖ]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0x60));
