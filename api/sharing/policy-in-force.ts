import type { PolicyChange, PolicyRules, PolicyTrial, PolicyVersion, PolicyView } from '../contract/policy.ts';
import { Problem } from '../contract/problem.ts';
import type { PolicyStore } from '../storage/policies.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import { decideFor } from './decision.ts';
import type { SharingParts } from './parts.ts';
import { policyPurposeOf, provenSubject } from './request-basis.ts';
import { readRequest } from './request-statement.ts';
import { readVisitRecord } from '../contract/visit-record.ts';

/**
 * What a gateway begins with: a person decides everything. Nothing leaves by itself, and nothing is lost unseen, before
 * anybody wrote a rule.
 */
export const FIRST_POLICY: PolicyVersion = {
  version: 0,
  rules: [
    {
      id: '01900000-0000-7000-8000-000000000001',
      effect: 'ask',
      ...{ kinds: [], roles: [], requesters: [], purposes: [], age: { kind: 'any' } },
    },
  ],
  savedAt: '2026-01-01T00:00:00.000Z',
  author: 'Tsunagi',
  terminal: '',
  note: null,
};

const TRIAL_DAYS = 31;
const DAY_MS = 86_400_000;

/** The policy that decides now. */
export const readPolicy = async (store: PolicyStore): Promise<PolicyVersion> => (await store.read()) ?? FIRST_POLICY;

export async function viewPolicy(store: PolicyStore): Promise<PolicyView> {
  const history = [...(await store.list()), FIRST_POLICY];
  return { current: history[0] ?? FIRST_POLICY, history };
}

/** Saves the next version. @throws {Problem} `conflict` when another one was saved since `basedOn` */
export async function changePolicy(
  store: PolicyStore,
  { basedOn, rules, author, note }: PolicyChange,
  by: { readonly terminal: string; readonly at: Date },
): Promise<PolicyView> {
  const { version } = await readPolicy(store);
  if (version !== basedOn) throw new Problem('conflict', `version ${version} is in force`);
  await store.save({
    ...{ version: version + 1, rules, author, note: note ? note : null },
    ...{ terminal: by.terminal, savedAt: by.at.toISOString() },
  });
  return viewPolicy(store);
}

/** What the requests of the past month would have got from these rules. Nothing is changed by it. */
export async function tryPolicy(parts: SharingParts, rules: PolicyRules): Promise<PolicyTrial> {
  const since = new Date(parts.now().getTime() - TRIAL_DAYS * DAY_MS);
  const entries = await parts.store.listSince(since);
  const checked = entries.filter(({ checks }) => checks.every(({ ok }) => ok));
  const requests = await Promise.all(checked.map((entry) => tryOn(parts, entry, rules)));
  return { since: since.toISOString(), requests, unchecked: entries.length - checked.length };
}

async function tryOn(
  parts: SharingParts,
  entry: InboxEntry,
  rules: PolicyRules,
): Promise<PolicyTrial['requests'][number]> {
  const request = readRequest(entry.request);
  const subject = provenSubject(entry);
  const visits =
    request.consent || subject === null
      ? request.visits.map(readVisitRecord).map(({ id, presentedAt }) => ({ id, presentedAt: new Date(presentedAt) }))
      : await parts.records.visitsOf(subject);
  const policy = await parts.policy();
  const then = { ...parts, now: () => entry.receivedAt };
  const now = await decideFor(then, request, { doctor: entry.doctor, visits });
  const tried = await decideFor(
    { ...then, policy: () => Promise.resolve({ ...policy, rules, version: policy.version + 1 }) },
    request,
    { doctor: entry.doctor, visits },
  );
  return {
    ...{ id: entry.id, from: entry.from, role: entry.doctor?.role ?? '', purpose: policyPurposeOf(request) },
    ...{ kinds: request.kinds, receivedAt: entry.receivedAt.toISOString(), state: entry.state },
    ...{ now: now.decision.effect, tried: tried.decision },
  };
}
