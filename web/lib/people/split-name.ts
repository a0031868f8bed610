/** One part of a name with its reading; `kana` is empty where there is none or the parts do not match. */
export interface NamePart {
  readonly name: string;
  readonly kana: string;
}

const SPACE = /[\s\u3000]+/u;

/** 姓 名 and its kana, part by part: the family name first. Kana that do not split alike stand over the first part. */
export function splitName({ name, kana }: { readonly name: string; readonly kana: string }): readonly NamePart[] {
  const names = name.trim().split(SPACE);
  const readings = kana.trim().split(SPACE);
  if (readings.length !== names.length) return [{ name: names.join(' '), kana: readings.join(' ') }];
  return names.map((part, index) => ({ name: part, kana: readings[index] ?? '' }));
}
