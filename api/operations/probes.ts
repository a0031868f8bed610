import type { DirectoryView } from '../directory/directory-view.ts';
import type { ProbeStore } from '../storage/probe.ts';
import type { HealthProbe } from './health.ts';

/** The machine as health is read from it. */
export interface Machine {
  /** Milliseconds that only ever grow, whatever the clock is set to. */
  readonly uptimeMs: () => number;
  /** Bytes that may still be written where the data is; undefined when that is elsewhere. */
  readonly freeBytes: () => Promise<number | undefined>;
}

const MIB = 1024 * 1024;
const DISK = { degradedBytes: 1024 * MIB, failingBytes: 64 * MIB };
/** Other servers refuse our signed requests from here on (`signed-request.ts`). */
const CLOCK_MS = 300_000;
const STORE_SLOW_MS = 1000;
/** Leaves are integrated several times a second. */
const LAG_MS = { degraded: 10_000, failing: 120_000 };

/** A write that becomes durable. */
export const probeStore = (store: ProbeStore, { uptimeMs }: Machine, now: () => Date): HealthProbe => ({
  name: 'store',
  async look() {
    const begun = uptimeMs();
    await store.write(now());
    const value = Math.round(uptimeMs() - begun);
    return { state: value > STORE_SLOW_MS ? 'degraded' : 'ok', value };
  },
});

export const probeDisk = ({ freeBytes }: Machine): HealthProbe => ({
  name: 'disk',
  async look() {
    const value = await freeBytes();
    if (value === undefined) return { state: 'ok', value: null };
    const isScarce = value < DISK.degradedBytes;
    return { state: value < DISK.failingBytes ? 'failing' : isScarce ? 'degraded' : 'ok', value };
  },
});

/** How far the clock ran away since the start, and whether it stands before what was already signed by it. */
export function probeClock({ uptimeMs }: Machine, now: () => Date, view: () => DirectoryView): HealthProbe {
  const begun = { clock: now().getTime(), uptime: uptimeMs() };
  return {
    name: 'clock',
    look() {
      const time = now().getTime();
      const jump = time - begun.clock - (uptimeMs() - begun.uptime);
      const newest = Math.max(0, ...view().directories.map(({ issuedAt }) => Date.parse(issuedAt)));
      const behind = Math.max(0, newest - time);
      const value = Math.round(Math.max(Math.abs(jump), behind));
      return Promise.resolve({ state: value > CLOCK_MS ? 'failing' : 'ok', value });
    },
  };
}

/** @param own the exchange without whose directory nothing here can be verified */
export const probeDirectory = (view: () => DirectoryView, own: string, now: () => Date): HealthProbe => ({
  name: 'directory',
  look() {
    const { directories } = view();
    const stale = directories.filter(({ expires }) => Date.parse(expires) <= now().getTime());
    const isOwn = stale.some(({ iss }) => iss === own) || !directories.some(({ iss }) => iss === own);
    return Promise.resolve({ state: isOwn ? 'failing' : stale.length > 0 ? 'degraded' : 'ok', value: stale.length });
  },
});

/** How long leaves have been waiting to get into the log. */
export function probeEvidence(
  readSizes: () => Promise<{ readonly leaves: number; readonly integrated: number }>,
  { uptimeMs }: Machine,
): HealthProbe {
  // Until when the log had reached what was there at the look before.
  let waiting: { readonly leaves: number; readonly since: number } | undefined;
  return {
    name: 'evidence',
    async look() {
      const { leaves, integrated } = await readSizes();
      if (integrated >= leaves) waiting = undefined;
      else if (!waiting || integrated >= waiting.leaves) waiting = { leaves, since: uptimeMs() };
      const value = waiting ? Math.round(uptimeMs() - waiting.since) : 0;
      const state = value > LAG_MS.failing ? 'failing' : value > LAG_MS.degraded ? 'degraded' : 'ok';
      return { state, value };
    },
  };
}

/** Others that are away are no fault of ours: work waits for them. */
export const probeOthers = (
  name: 'peers' | 'exchange' | 'timestamps',
  countAway: () => Promise<number>,
): HealthProbe => ({
  name,
  async look() {
    const value = await countAway();
    return { state: value > 0 ? 'degraded' : 'ok', value };
  },
});
