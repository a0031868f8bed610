import type { Hono } from 'hono';
import type { ConfigurationState } from '../contract/operator-api.ts';
import type { Fetch } from '../http/exchange-client.ts';
import type { Machine } from '../operations/probes.ts';
import type { Log } from '../operations/request-log.ts';

/** What every server takes from its surroundings. */
export interface Surroundings {
  readonly fetch: Fetch;
  readonly now: () => Date;
  /** Where PostgreSQL is, for configurations that leave it out. */
  readonly databaseUrl?: string | undefined;
  /** 0 (inclusive) to 1, for spreading attempts. */
  readonly random: () => number;
  /** Told of everything that went wrong and is nobody's answer: a defect, the disk, a directory that was refused. */
  readonly report: (failure: unknown) => void;
  /** Told what whoever watches the console must know: the code of a first start. */
  readonly announce?: (text: string) => void;
  /** A first start's code is given although there is an administrator: none of them can sign in any longer. */
  readonly forcesSetUp?: boolean;
  /** The machine around; one without limits when left out. */
  readonly machine?: Machine;
  /** Takes the log's lines; nobody when left out. */
  readonly log?: Log;
  /** The process that runs the server; none in tests that only compose one. */
  readonly control?: ServerControl;
}

/** What operators may ask of the process around a server. */
export interface ServerControl {
  configuration(): ConfigurationState;
  /**
   * Reads the configuration anew and goes over to it once the requests under way are answered; resolves when the file is
   * found in order, before the change.
   *
   * @throws {Problem} `conflict` when the file does not fit: the one before stays in force
   */
  reload(): Promise<void>;
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
