import type { InstitutionId, LocalName } from '#api/contract/ids.ts';
import type { PolicyRule } from '#api/contract/policy.ts';
import type { Catalogue } from '#lib/i18n/catalogue.ts';
import type { Language } from '#lib/i18n/language.ts';
import { joinWords } from '#lib/i18n/phrases.ts';

/** What a sentence about a rule is made with. */
export interface SentenceWords {
  readonly t: Pick<Catalogue, 'policy' | 'requests' | 'common'>;
  readonly language: Language;
  /** The name of an institution; of a network, its id stands. */
  readonly nameOf: (id: InstitutionId) => LocalName;
}

/** A rule in one plain sentence. */
export function describeRule(rule: PolicyRule, { t, language, nameOf }: SentenceWords): string {
  const words = t.policy;
  const join = (list: readonly string[]) => joinWords(list, language);
  const places =
    rule.requesters.length === 0
      ? words.anyone
      : join(rule.requesters.map((id) => (id.includes('/') ? nameOf(id)[language] : id)));
  const who =
    rule.roles.length === 0
      ? places
      : words.withRole(places, join(rule.roles.map((role) => t.requests.roles[role] ?? role)));
  const why =
    rule.purposes.length === 0 ? words.anyPurpose : join(rule.purposes.map((purpose) => words.purposes[purpose]));
  const kinds = rule.kinds.length === 0 ? words.anyKind : join(rule.kinds.map((kind) => t.common.recordKinds[kind]));
  const { age } = rule;
  const what = age.kind === 'any' ? kinds : words[age.kind](kinds, age.days);
  return words.sentence({ who, why, what, effect: words.effects[rule.effect] });
}
