import type { ExchangeConfig } from '../config/exchange-config.ts';
import type { ExchangeStatus } from '../contract/exchange-status.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { Problem } from '../contract/problem.ts';
import { createSimulatedAuthority, type TimeStampAuthority } from '../evidence/time-stamp-authority.ts';
import { createTimeStamping, DEFAULT_GRACE_MS } from '../evidence/time-stamping.ts';
import type { EvidenceStore } from '../storage/evidence.ts';

/** How long an answer about overdue time-stamps holds: it changes once in hours. */
const RECHECK_MS = 10_000;

/** An exchange's time-stamping by the authorities it was given, or else by the simulated one. */
export function createExchangeStamping(parts: {
  readonly store: EvidenceStore;
  readonly authorities: readonly TimeStampAuthority[];
  readonly settings: ExchangeConfig['timestamping'];
  /** Cosignatures that a checkpoint should have before it is stamped. */
  readonly threshold: number;
  readonly now: () => Date;
}) {
  const { store, settings, threshold, now } = parts;
  const { graceMs = DEFAULT_GRACE_MS, whenOverdue = 'continue' } = settings ?? {};
  const isSimulated = parts.authorities.length === 0;
  const authorities = isSimulated ? [createSimulatedAuthority(now)] : parts.authorities;
  const stamping = createTimeStamping({ store, authorities, clock: now, threshold, graceMs });
  let checkedAt = -Infinity;
  let isOverdue = false;
  return {
    /** Authorities that are away are everyday: the status shows them. Anything else is reported. */
    start: (report: (failure: unknown) => void): (() => Promise<void>) =>
      stamping.start({
        onFailure: (failure) => {
          if (!(failure instanceof EvidenceError && failure.code === 'timestamp_unavailable')) report(failure);
        },
      }),
    /**
     * Where no visit is to be accepted without stamped time: refuses while the authorities have been away for too long.
     * Gateways keep the visit meanwhile and hand it over by themselves.
     *
     * @throws {Problem} `unavailable`
     */
    async requireTime(): Promise<void> {
      if (whenOverdue === 'continue') return;
      const time = now().getTime();
      if (Math.abs(time - checkedAt) > RECHECK_MS) {
        ({ isOverdue } = await stamping.status());
        checkedAt = time;
      }
      if (isOverdue) throw new Problem('unavailable', 'no time-stamp authority has answered for too long');
    },
    async status(): Promise<NonNullable<ExchangeStatus['timestamping']>> {
      const { newest, waitingMs, isOverdue: overdue } = await stamping.status();
      return {
        simulated: isSimulated,
        newest: newest
          ? { size: newest.size, time: newest.time.toISOString(), authority: newest.authority, kind: newest.kind }
          : null,
        ...{ waitingMs, overdue, graceMs, whenOverdue },
      };
    },
  };
}
