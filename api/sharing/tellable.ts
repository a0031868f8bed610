import type { InstitutionId } from '../contract/ids.ts';
import { decide, type PolicyEffect } from '../contract/policy.ts';
import type { RecordKind } from '../contract/record-kind.ts';
import type { ReleasedDocument } from '../contract/release.ts';
import { readAged } from './decision.ts';
import type { SharingParts, VisitHere } from './parts.ts';

/** A document whose being there may be known, and what a request for it would meet with. */
export interface ToldDocument {
  readonly document: ReleasedDocument;
  readonly effect: Exclude<PolicyEffect, 'refuse'>;
}

const STRICTEST_FIRST = ['refuse', 'ask', 'release'] as const;

/**
 * What of a person's records an institution may know to be there before a doctor signs for them. No HPKI card vouches for
 * a role yet: told is what every role that may ask could get, by the policy in force.
 */
export async function tellable(
  parts: Pick<SharingParts, 'policy' | 'records' | 'now' | 'signers'>,
  asked: { readonly kinds: readonly RecordKind[]; readonly from: InstitutionId },
  visits: readonly VisitHere[],
): Promise<{ readonly told: readonly ToldDocument[]; readonly withheld: readonly RecordKind[] }> {
  const { rules } = await parts.policy();
  const strictest = (kind: RecordKind, ageDays: number): PolicyEffect => {
    const question = { kind, ageDays, requester: asked.from, purpose: 'treatment' } as const;
    const effects = parts.signers.allowedRoles.map((role) => decide(rules, { ...question, role }).effect);
    return STRICTEST_FIRST.find((effect) => effects.includes(effect)) ?? 'refuse';
  };
  const documents = (await readAged(parts, asked.kinds, visits)).map(({ document, kind, ageDays }) => ({
    document,
    effect: strictest(kind, ageDays),
  }));
  // Of the rules alone, at every age at which one begins or ends: this word must not say that there is anything.
  const ages = [0, ...rules.flatMap(({ age }) => (age.kind === 'any' ? [] : [age.days, age.days + 1]))];
  const isRefused = (kind: RecordKind) => ages.some((ageDays) => strictest(kind, ageDays) === 'refuse');
  return {
    told: documents.flatMap(({ document, effect }) => (effect === 'refuse' ? [] : [{ document, effect }])),
    withheld: asked.kinds.filter(isRefused),
  };
}
