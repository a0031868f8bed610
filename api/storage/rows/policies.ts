import { PolicyRules, type PolicyVersion } from '../../contract/policy.ts';

export interface PolicyRow {
  readonly version: number;
  readonly rules: string;
  readonly saved_at: number;
  readonly author: string;
  readonly terminal: string;
  readonly note: string | null;
}

export const toPolicyVersion = ({ rules, saved_at, ...row }: PolicyRow): PolicyVersion => ({
  ...row,
  rules: PolicyRules.parse(JSON.parse(rules)),
  savedAt: new Date(saved_at).toISOString(),
});
