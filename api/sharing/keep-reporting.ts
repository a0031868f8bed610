import { AccessEventAnswer } from '../contract/access-event.ts';
import { Problem } from '../contract/problem.ts';
import type { Bells } from '../http/bells.ts';
import { delayAfter, pause, SERVER_PACE } from '../http/back-off.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import type { AccessOutbox } from '../storage/access-outbox.ts';

const BATCH = 50;
const LONGEST_SLEEP_MS = 30_000;
export const REPORTING_BELL = 'access events';

/** Brings our access events to the exchange until the signal is aborted: each until it is there, once in effect. */
export async function keepReporting(
  parts: {
    readonly outbox: AccessOutbox;
    readonly client: ExchangeClient;
    readonly bells: Bells;
    readonly now: () => Date;
  },
  options: {
    readonly signal: AbortSignal;
    readonly random: () => number;
    readonly report: (failure: unknown) => void;
  },
): Promise<void> {
  const { signal, random, report } = options;
  let failures = 0;
  while (!signal.aborted) {
    const ring = parts.bells.wait(REPORTING_BELL, LONGEST_SLEEP_MS, signal);
    try {
      if (await reportBatch(parts, signal)) await ring;
      failures = 0;
    } catch (failure) {
      if (signal.aborted) return;
      // An exchange that is away is everyday; one that refuses our own word is not.
      if (!(failure instanceof Problem && failure.status >= 500)) report(failure);
      failures += 1;
      await pause(delayAfter(failures, SERVER_PACE, random), signal);
    }
  }
}

/** Resolves true when nothing is left. */
async function reportBatch(
  { outbox, client, now }: Parameters<typeof keepReporting>[0],
  signal: AbortSignal,
): Promise<boolean> {
  const events = await outbox.readUntaken(BATCH);
  if (events.length === 0) return true;
  const body = { events: events.map(({ jws }) => jws) };
  await client.post('/api/access-events', body, AccessEventAnswer, { signal });
  await outbox.noteTaken(
    events.map(({ id }) => id),
    now(),
  );
  return events.length < BATCH;
}
