import type { Hono } from 'hono';
import type { Fetch } from '../http/exchange-client.ts';

/** What every server takes from its surroundings. */
export interface Surroundings {
  readonly fetch: Fetch;
  readonly now: () => Date;
  /** 0 (inclusive) to 1, for spreading attempts. */
  readonly random: () => number;
  /** Told of everything that went wrong and is nobody's answer: a defect, the disk, a directory that was refused. */
  readonly report: (failure: unknown) => void;
}

/** A composed server: what it answers, and the work it does by itself between `start` and `stop`. */
export interface RunnableApp {
  readonly app: Hono;
  start(): void;
  /** Ends long polls and loops; resolves when they have ended. */
  stop(): Promise<void>;
}

/** Collects an app's loops, so that they end together. */
export function createLoops(report: (failure: unknown) => void) {
  const closing = new AbortController();
  const endings: Promise<unknown>[] = [];
  const stops: (() => Promise<void>)[] = [];
  return {
    signal: closing.signal,
    /** A loop that ends with the signal. It must not reject; one that does is reported and gone. */
    add(loop: Promise<unknown>) {
      endings.push(loop.catch(report));
    },
    /** Something that has a stop of its own. */
    onEnd(stop: () => Promise<void>) {
      stops.push(stop);
    },
    async end() {
      closing.abort();
      await Promise.all([...endings, ...stops.map((stop) => stop().catch(report))]);
    },
  };
}
