import type { Day } from '../calendar.ts';
import type { SyntheticName } from './names.ts';

/** A made-up person, as the payer and the municipality would know them. */
export interface SyntheticPerson {
  /** `person-01` …: names the person inside the synthetic world. */
  readonly id: string;
  /** The payer's own number for the person, the same whatever insurance they have. */
  readonly payerId: string;
  readonly name: SyntheticName;
  readonly sex: 'male' | 'female';
  readonly birthDate: Day;
  readonly address: SyntheticAddress;
  readonly insurance: SyntheticInsurance;
  /** Which My Number Card of the world is theirs. */
  readonly cardId: string;
  /** What the demonstration is to find out about them. */
  readonly trait: PersonTrait;
}

/** `ordinary`, or the one thing that is out of order. */
export type PersonTrait = 'ordinary' | 'insurance_expired' | 'certificate_revoked' | 'card_not_enrolled';

export interface SyntheticAddress {
  readonly postalCode: string;
  readonly prefecture: string;
  readonly city: string;
  readonly line: string;
  /** Five digits: the municipality's code, as card subjects carry it. */
  readonly municipality: string;
}

export interface SyntheticInsurance {
  readonly insurerNumber: string;
  readonly insurerName: string;
  readonly symbol: string;
  readonly number: string;
  readonly branch: string;
  /** 本人 or 家族. */
  readonly relation: 'insured' | 'family';
  readonly validFrom: Day;
  readonly validUntil: Day;
  readonly burdenPercent: 10 | 20 | 30;
}

/** What Japanese systems put between the parts of a name (U+3000). */
export const IDEOGRAPHIC_SPACE = '\u3000';

/** 姓 and 名 with the ideographic space. */
export function fullName({ name }: { readonly name: SyntheticName }): string {
  return name.family.kanji + IDEOGRAPHIC_SPACE + name.given.kanji;
}

/** Full-width katakana. */
export function fullKana({ name }: { readonly name: SyntheticName }): string {
  return name.family.kana + IDEOGRAPHIC_SPACE + name.given.kana;
}

/** Family name first, as on a residence record. */
export function fullRomaji({ name }: { readonly name: SyntheticName }): string {
  return `${name.family.romaji} ${name.given.romaji}`;
}

export function fullAddress({ address }: Pick<SyntheticPerson, 'address'>): string {
  return `${address.prefecture}${address.city}${address.line}`;
}
