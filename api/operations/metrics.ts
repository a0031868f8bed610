import { timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { encodeUtf8 } from '../contract/encoding.ts';
import type { Health } from '../contract/health.ts';
import { HEALTH_STATES } from '../contract/health.ts';
import { toProblem } from '../http/problem-answer.ts';
import { routePatternOf } from './route-pattern.ts';

/** Numbers that are read when somebody asks for them. No label names a person, a subject or an envelope. */
export interface MetricSources {
  readonly examine: () => Promise<Health>;
  /** What waits, by destination: of an exchange. */
  readonly readQueues?: () => Promise<
    readonly { readonly kind: string; readonly to: string; readonly waiting: number }[]
  >;
  /** Envelopes of late, by state. */
  readonly readStates?: () => Promise<ReadonlyMap<string, number>>;
  /** Milliseconds that the oldest undelivered envelope has waited. */
  readonly readOldestMs?: () => Promise<number>;
  readonly readLog?: () => Promise<{ readonly leaves: number; readonly integrated: number }>;
  /** Work that a gateway keeps for its exchange. */
  readonly readKept?: () => Promise<number>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export type Metrics = ReturnType<typeof createMetrics>;

/** What a server counts of itself, as Prometheus reads it. */
export function createMetrics(sources: () => MetricSources, uptimeMs: () => number) {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const answers = new Counter({
    name: 'tsunagi_answers_total',
    help: 'Answers by route pattern, HTTP status and problem code.',
    labelNames: ['method', 'route', 'status', 'code'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'tsunagi_answer_seconds',
    help: 'Time until the answer, by route pattern; long polls included.',
    labelNames: ['method', 'route'] as const,
    buckets: SECONDS,
    registers,
  });
  const store = new Histogram({
    name: 'tsunagi_store_seconds',
    help: 'Time of one operation of the store; writes until they are durable.',
    labelNames: ['area', 'operation'] as const,
    buckets: SECONDS,
    registers,
  });
  const gauge = (name: string, help: string, labelNames: readonly string[], read: (set: Gauge) => Promise<void>) =>
    new Gauge({
      ...{ name, help, labelNames: [...labelNames], registers },
      async collect() {
        this.reset();
        await read(this);
      },
    });
  gauge('tsunagi_health', '0 ok, 1 degraded, 2 failing.', ['check'], async (set) => {
    for (const { name, state } of (await sources().examine()).checks) {
      set.set({ check: name }, HEALTH_STATES.indexOf(state));
    }
  });
  gauge('tsunagi_queue_depth', 'Envelopes that wait, by destination.', ['kind', 'to'], async (set) => {
    for (const { kind, to, waiting } of (await sources().readQueues?.()) ?? []) set.set({ kind, to }, waiting);
  });
  gauge('tsunagi_envelopes_recent', 'The newest envelopes by state.', ['state'], async (set) => {
    for (const [state, count] of (await sources().readStates?.()) ?? []) set.set({ state }, count);
  });
  gauge('tsunagi_queue_oldest_seconds', 'Age of the oldest undelivered envelope.', [], async (set) => {
    const { readOldestMs } = sources();
    if (readOldestMs) set.set((await readOldestMs()) / 1000);
  });
  gauge('tsunagi_log_leaves', 'Leaves of the evidence log.', ['state'], async (set) => {
    const log = await sources().readLog?.();
    if (!log) return;
    set.set({ state: 'sequenced' }, log.leaves);
    set.set({ state: 'integrated' }, log.integrated);
  });
  gauge('tsunagi_kept_for_exchange', 'Submissions kept until the exchange answers.', [], async (set) => {
    const { readKept } = sources();
    if (readKept) set.set(await readKept());
  });

  const count: MiddlewareHandler = async (context, next) => {
    const begun = uptimeMs();
    await next();
    const { method } = context.req;
    const route = routePatternOf(context);
    const code = context.error ? toProblem(context.error).code : '';
    answers.inc({ method, route, status: context.res.status, code });
    durations.observe({ method, route }, (uptimeMs() - begun) / 1000);
  };
  return {
    count,
    /** Told of each operation of the store. */
    observeStore: (area: string, operation: string, ms: number) => store.observe({ area, operation }, ms / 1000),
    /** The text exposition format 0.0.4. */
    async expose(): Promise<{ readonly contentType: string; readonly body: string }> {
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

/** Whether a header carries the token, in a time that tells nothing about it. */
export function isBearer(header: string | undefined, token: string): boolean {
  const given = encodeUtf8(header ?? '');
  const wanted = encodeUtf8(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
