import type { ExchangeStatus } from '../contract/exchange-api.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { createSimulatedAuthority, type TimeStampAuthority } from '../evidence/time-stamp-authority.ts';
import { createTimeStamping } from '../evidence/time-stamping.ts';
import type { EvidenceStore } from '../storage/evidence.ts';

/** An exchange's time-stamping by the authorities it was given, or else by the simulated one. */
export function createExchangeStamping(parts: {
  readonly store: EvidenceStore;
  readonly authorities: readonly TimeStampAuthority[];
  readonly graceMs: number | undefined;
  readonly now: () => Date;
}) {
  const { store, graceMs, now } = parts;
  const isSimulated = parts.authorities.length === 0;
  const authorities = isSimulated ? [createSimulatedAuthority(now)] : parts.authorities;
  const stamping = createTimeStamping({
    store,
    authorities,
    clock: now,
    ...(graceMs === undefined ? {} : { graceMs }),
  });
  return {
    /** Authorities that are away are everyday: the status shows them. Anything else is reported. */
    start: (report: (failure: unknown) => void): (() => Promise<void>) =>
      stamping.start({
        onFailure: (failure) => {
          if (!(failure instanceof EvidenceError && failure.code === 'timestamp_unavailable')) report(failure);
        },
      }),
    async status(): Promise<NonNullable<ExchangeStatus['timestamping']>> {
      const { newest, waitingMs, isOverdue } = await stamping.status();
      return {
        simulated: isSimulated,
        newest: newest
          ? { size: newest.size, time: newest.time.toISOString(), authority: newest.authority, kind: newest.kind }
          : null,
        waitingMs,
        overdue: isOverdue,
      };
    },
  };
}
