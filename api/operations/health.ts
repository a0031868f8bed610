import { Hono } from 'hono';
import { answerProblem } from '../http/problem-answer.ts';
import { Problem } from '../contract/problem.ts';
import type { Health, HealthCheck } from '../contract/health.ts';

/** One thing that must be so; resolves with how it stands. What it throws counts as failing. */
export interface HealthProbe {
  readonly name: HealthCheck['name'];
  look(): Promise<Pick<HealthCheck, 'state' | 'value'>>;
}

export interface HealthOptions {
  readonly probes: readonly HealthProbe[];
  readonly now: () => Date;
  /** Longest that one look may take; it fails then. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 5000;
/** Whoever asks more often gets the same answer: asking must not become work. */
const REUSE_MS = 1000;

/** Looks at everything, all at once. */
export async function examine({ probes, now, patienceMs = PATIENCE_MS }: HealthOptions): Promise<Health> {
  const checks = await Promise.all(probes.map((probe) => look(probe, patienceMs)));
  const worst = (['failing', 'degraded'] as const).find((state) => checks.some((check) => check.state === state));
  return { state: worst ?? 'ok', time: now().toISOString(), checks };
}

async function look(probe: HealthProbe, patienceMs: number): Promise<HealthCheck> {
  const { name } = probe;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HealthCheck>((resolve) => {
    timer = setTimeout(() => resolve({ name, state: 'failing', value: null }), patienceMs);
  });
  try {
    return await Promise.race([late, probe.look().then((found) => ({ name, ...found }))]);
  } catch {
    return { name, state: 'failing', value: null };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `GET /healthz`: 200 while the server does what it is for, also where something around it is amiss (`degraded`); 503 when
 * it does not. `GET /readyz`: 204 when work may be sent here. Nothing about anybody is in either.
 */
export function createHealthRoutes(options: HealthOptions): Hono {
  let latest: { readonly at: number; readonly health: Promise<Health> } | undefined;
  const current = () => {
    const at = options.now().getTime();
    if (!latest || Math.abs(at - latest.at) >= REUSE_MS) latest = { at, health: examine(options) };
    return latest.health;
  };
  return new Hono()
    .get('/healthz', async (context) => {
      const health = await current();
      context.header('cache-control', 'no-store');
      return context.json(health, health.state === 'failing' ? 503 : 200);
    })
    .get('/readyz', async (context) => {
      const { state } = await current();
      if (state === 'failing') return answerProblem(context, new Problem('unavailable', 'not ready: see /healthz'));
      context.header('cache-control', 'no-store');
      return context.body(null, 204);
    });
}
