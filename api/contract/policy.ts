import * as z from 'zod';
import { InstitutionId, NetworkId, Timestamp, Uuidv7, networkOf } from './ids.ts';
import { RecordKind } from './record-kind.ts';

/** What a rule decides: say no, let a person decide, or let it go by itself. */
export const POLICY_EFFECTS = ['refuse', 'ask', 'release'] as const;
export type PolicyEffect = (typeof POLICY_EFFECTS)[number];

/** Why records are asked for, as rules tell it apart: `break_glass` is an emergency without the patient's consent. */
export const POLICY_PURPOSES = ['treatment', 'emergency', 'break_glass'] as const;
export type PolicyPurpose = (typeof POLICY_PURPOSES)[number];

/** How old the data may be, in days since the visit it belongs to: any age, at most so old, or older. */
export const PolicyAge = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('any') }).readonly(),
  z.object({ kind: z.literal('within'), days: z.int().min(1).max(36_500) }).readonly(),
  z.object({ kind: z.literal('beyond'), days: z.int().min(1).max(36_500) }).readonly(),
]);
export type PolicyAge = z.infer<typeof PolicyAge>;

/** One rule. An empty list means every one. */
export const PolicyRule = z
  .object({
    id: Uuidv7,
    effect: z.enum(POLICY_EFFECTS),
    kinds: z.array(RecordKind).readonly(),
    /** hcRole texts, compared exactly. */
    roles: z.array(z.string().min(1).max(100)).max(20).readonly(),
    /** Institutions, or networks with all of theirs. */
    requesters: z
      .array(z.union([InstitutionId, NetworkId]))
      .max(100)
      .readonly(),
    purposes: z.array(z.enum(POLICY_PURPOSES)).readonly(),
    age: PolicyAge,
  })
  .readonly();
export type PolicyRule = z.infer<typeof PolicyRule>;

/** In this order: the first rule that fits decides, and where none fits the answer is no. */
export const PolicyRules = z
  .array(PolicyRule)
  .max(100)
  .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'two rules with one id')
  .readonly();
export type PolicyRules = z.infer<typeof PolicyRules>;

/** A policy as it was saved: complete, so that its history needs no replaying. */
export const PolicyVersion = z
  .object({
    /** 0 is what a gateway begins with. */
    version: z.int().nonnegative(),
    rules: PolicyRules,
    savedAt: Timestamp,
    /** Who says so: a person's name, and the terminal it was typed on. */
    author: z.string().max(100),
    terminal: z.string().max(100),
    note: z.string().max(500).nullable(),
  })
  .readonly();
export type PolicyVersion = z.infer<typeof PolicyVersion>;

/** The policy in force, and every version there was, newest first. */
export const PolicyView = z.object({ current: PolicyVersion, history: z.array(PolicyVersion).readonly() }).readonly();
export type PolicyView = z.infer<typeof PolicyView>;

export const PolicyChange = z
  .object({
    /** The version that was on the screen; another one meanwhile is a `conflict`. */
    basedOn: z.int().nonnegative(),
    rules: PolicyRules,
    author: z.string().trim().min(1).max(100),
    note: z.string().trim().max(500).optional(),
  })
  .readonly();
export type PolicyChange = z.infer<typeof PolicyChange>;

/** What one document, or a kind of which there is none, is asked about. */
export interface PolicyQuestion {
  readonly kind: RecordKind;
  readonly role: string;
  readonly requester: InstitutionId;
  readonly purpose: PolicyPurpose;
  readonly ageDays: number;
}

/** What the policy says about one kind of a request. */
export const PolicyPart = z
  .object({
    kind: RecordKind,
    documents: z.int().nonnegative(),
    effect: z.enum(POLICY_EFFECTS),
    /** The rule that decided; null where none fitted. */
    rule: Uuidv7.nullable(),
  })
  .readonly();
export type PolicyPart = z.infer<typeof PolicyPart>;

export const PolicyDecision = z
  .object({
    /** Of the request as a whole: `ask` when a person has to look at anything of it. */
    effect: z.enum(POLICY_EFFECTS),
    version: z.int().nonnegative(),
    parts: z.array(PolicyPart).readonly(),
  })
  .readonly();
export type PolicyDecision = z.infer<typeof PolicyDecision>;

/** A rule set tried on the requests of the past month, before anybody relies on it. */
export const PolicyTrialRequest = z.object({ rules: PolicyRules }).readonly();
export const PolicyTrial = z
  .object({
    since: Timestamp,
    requests: z
      .array(
        z
          .object({
            id: Uuidv7,
            from: InstitutionId,
            role: z.string(),
            purpose: z.enum(POLICY_PURPOSES),
            kinds: z.array(RecordKind).readonly(),
            receivedAt: Timestamp,
            /** What became of it. */
            state: z.enum(['open', 'released', 'refused']),
            /** What it would get from the rules in force, and from those tried. */
            now: z.enum(POLICY_EFFECTS),
            tried: PolicyDecision,
          })
          .readonly(),
      )
      .readonly(),
    /** Requests that failed their checks: no rule is asked about those. */
    unchecked: z.int().nonnegative(),
  })
  .readonly();
export type PolicyTrial = z.infer<typeof PolicyTrial>;

/** The first rule that fits decides; where none fits, no. */
export function decide(
  rules: PolicyRules,
  question: PolicyQuestion,
): { readonly effect: PolicyEffect; readonly rule: string | null } {
  const rule = rules.find((candidate) => fits(candidate, question));
  return rule ? { effect: rule.effect, rule: rule.id } : { effect: 'refuse', rule: null };
}

/**
 * Decides a request kind by kind. Documents that may not leave are held back; what is left goes by itself only when every
 * one of them may. Where nothing is there yet a person looks, unless every kind is refused anyway.
 */
export function decideRequest(
  { rules, version }: Pick<PolicyVersion, 'rules' | 'version'>,
  request: Omit<PolicyQuestion, 'kind' | 'ageDays'> & {
    readonly kinds: readonly RecordKind[];
    readonly documents: readonly { readonly kind: RecordKind; readonly ageDays: number }[];
  },
): PolicyDecision {
  const { kinds, documents, ...question } = request;
  const parts = kinds.flatMap((kind) => {
    const ages = documents.filter((document) => document.kind === kind).map(({ ageDays }) => ageDays);
    if (ages.length === 0) return [{ kind, documents: 0, ...decide(rules, { ...question, kind, ageDays: 0 }) }];
    return groupByDecision(ages.map((ageDays) => decide(rules, { ...question, kind, ageDays }))).map((group) => ({
      kind,
      ...group,
    }));
  });
  const present = parts.filter((part) => part.documents > 0);
  return { effect: sumUp(present, parts), version, parts };
}

function sumUp(present: readonly PolicyPart[], all: readonly PolicyPart[]): PolicyEffect {
  if (all.every(({ effect }) => effect === 'refuse')) return 'refuse';
  if (present.length === 0 || present.some(({ effect }) => effect === 'ask')) return 'ask';
  return present.some(({ effect }) => effect === 'release') ? 'release' : 'refuse';
}

function groupByDecision(decisions: readonly ReturnType<typeof decide>[]) {
  const groups = new Map<string, ReturnType<typeof decide> & { readonly documents: number }>();
  for (const decision of decisions) {
    const key = `${decision.rule}`;
    groups.set(key, { ...decision, documents: (groups.get(key)?.documents ?? 0) + 1 });
  }
  return [...groups.values()];
}

const fits = (rule: PolicyRule, { kind, role, requester, purpose, ageDays }: PolicyQuestion): boolean =>
  isAmong(rule.kinds, kind) &&
  isAmong(rule.roles, role) &&
  isAmong(rule.purposes, purpose) &&
  (rule.requesters.length === 0 ||
    rule.requesters.includes(requester) ||
    rule.requesters.includes(networkOf(requester))) &&
  fitsAge(rule.age, ageDays);

const isAmong = <T>(list: readonly T[], value: T): boolean => list.length === 0 || list.includes(value);

function fitsAge(age: PolicyAge, days: number): boolean {
  if (age.kind === 'any') return true;
  return age.kind === 'within' ? days <= age.days : days > age.days;
}
