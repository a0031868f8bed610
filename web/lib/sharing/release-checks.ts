import { RELEASE_CHECKS_OF, type ReleaseCheck } from '#api/contract/release-checks.ts';
import type { InboxRequest } from '#api/contract/inbox-api.ts';

/** The checks of a request, summed up: a release is possible only when every one was made and passed. */
export interface ChecksSummary {
  readonly passed: number;
  readonly total: number;
  readonly failed: readonly ReleaseCheck[];
  /** Checks that the server did not report: as good as failed. */
  readonly missing: readonly ReleaseCheck['check'][];
  readonly mayRelease: boolean;
}

export function summariseChecks({ basis, checks }: Pick<InboxRequest, 'basis' | 'checks'>): ChecksSummary {
  const wanted = RELEASE_CHECKS_OF[basis];
  const made = new Set(checks.map(({ check }) => check));
  const failed = checks.filter(({ ok }) => !ok);
  const missing = wanted.filter((check) => !made.has(check));
  return {
    passed: checks.length - failed.length,
    total: wanted.length,
    failed,
    missing,
    mayRelease: failed.length === 0 && missing.length === 0,
  };
}
