/** Classes of what a gateway keeps that one day is not needed any longer. */
export const GATEWAY_CLASSES = ['records', 'visits', 'received', 'inbox', 'sendLog', 'envelopes', 'sessions'] as const;
export type GatewayClass = (typeof GATEWAY_CLASSES)[number];

/** The same of an exchange. Visit records, access events, withdrawals and the log are evidence: no class holds them. */
export const EXCHANGE_CLASSES = ['envelopes', 'consents', 'challenges', 'proofs'] as const;
export type ExchangeClass = (typeof EXCHANGE_CLASSES)[number];

/** What is older than this of its class may go. 1970 keeps everything. */
export type Cutoffs<Class extends string> = Readonly<Record<Class, Date>>;

/** How many rows of each class there were to delete. */
export type PurgeCounts<Class extends string> = Readonly<Record<Class, number>>;

/** Deletes what is over. What still has work before it (a kept visit, an envelope on its way) stays, however old. */
export interface RetentionStore<Class extends string> {
  /** Counts without deleting anything. */
  countOver(before: Cutoffs<Class>): Promise<PurgeCounts<Class>>;
  /** Resolves when it is durable. One that rejects may have deleted a part: the next goes on. */
  purge(before: Cutoffs<Class>): Promise<PurgeCounts<Class>>;
}

/** No row of any class yet. */
export const noneOf = <Class extends string>(classes: readonly Class[]): Record<Class, number> =>
  Object.fromEntries(classes.map((name) => [name, 0])) as Record<Class, number>;
