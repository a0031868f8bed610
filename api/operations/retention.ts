import type { ExchangeConfig } from '../config/exchange-config.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { pause } from '../http/back-off.ts';
import type { Cutoffs, ExchangeClass, GatewayClass, PurgeCounts, RetentionStore } from '../storage/retention.ts';
import type { Log } from './request-log.ts';

const DAY_MS = 86_400_000;
const FIVE_YEARS = 1827;

type Days<Class extends string> = Readonly<Record<Class, number | 'forever'>>;

/** What a gateway keeps for how long when its configuration does not say; the reasons are in `docs/configuration.md`. */
export const GATEWAY_DEFAULTS: Days<GatewayClass> = {
  ...{ records: FIVE_YEARS, visits: FIVE_YEARS, received: FIVE_YEARS, inbox: FIVE_YEARS },
  ...{ sendLog: 'forever', envelopes: 400, sessions: 30 },
};

/** The same of an exchange. */
export const EXCHANGE_DEFAULTS: Days<ExchangeClass> = {
  ...{ envelopes: 400, consents: FIVE_YEARS, challenges: 30, proofs: 400 },
};

export const gatewayCutoffs = ({ retention }: GatewayConfig, now: Date): Cutoffs<GatewayClass> =>
  cutoffs({ ...GATEWAY_DEFAULTS, ...defined(retention) }, now);

export const exchangeCutoffs = ({ retention }: ExchangeConfig, now: Date): Cutoffs<ExchangeClass> =>
  cutoffs({ ...EXCHANGE_DEFAULTS, ...defined(retention) }, now);

function cutoffs<Class extends string>(days: Days<Class>, now: Date): Cutoffs<Class> {
  const instants = Object.entries<number | 'forever'>(days).map(([name, kept]) => [
    name,
    new Date(kept === 'forever' ? 0 : Math.max(0, now.getTime() - kept * DAY_MS)),
  ]);
  return Object.fromEntries(instants) as Cutoffs<Class>;
}

const defined = <T extends object>(members: T) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };

/** A database that was away is not away for a day. */
const AFTER_FAILURE_MS = 15 * 60_000;

/** Purges now and once a day until the signal is aborted; the log is told how much of which class. */
export async function keepPurging<Class extends string>(
  store: RetentionStore<Class>,
  before: () => Cutoffs<Class>,
  options: {
    readonly signal: AbortSignal;
    readonly report: (failure: unknown) => void;
    readonly log: Log | undefined;
  },
): Promise<void> {
  while (!options.signal.aborted) {
    let rest = DAY_MS;
    try {
      const counts: PurgeCounts<Class> = await store.purge(before());
      if (Object.values(counts).some((count) => count !== 0))
        options.log?.({ level: 'info', event: 'purged', ...counts });
    } catch (failure) {
      options.report(failure);
      rest = AFTER_FAILURE_MS;
    }
    await pause(rest, options.signal);
  }
}
