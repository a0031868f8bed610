import { Hono } from 'hono';
import { createHealthRoutes, examine, type HealthProbe } from '../operations/health.ts';
import { createMetrics, isBearer, type MetricSources } from '../operations/metrics.ts';
import { observeStores } from '../operations/observe-stores.ts';
import type { Machine } from '../operations/probes.ts';
import { createRequestLog } from '../operations/request-log.ts';
import { Problem } from '../contract/problem.ts';
import type { Surroundings } from './runnable-app.ts';

/** Where nobody said what the machine is like: its running time, and room without end. */
const ANY_MACHINE: Machine = { uptimeMs: () => performance.now(), freeBytes: () => Promise.resolve(undefined) };

/** What a server tells of how it is: health, metrics, the log of requests. */
export function createTelemetry({
  machine = ANY_MACHINE,
  log,
  now,
  metricsToken,
}: Surroundings & { readonly metricsToken?: string | undefined }) {
  let probes: readonly HealthProbe[] = [];
  let sources: Omit<MetricSources, 'examine'> = {};
  const health = () => ({ probes, now });
  const metrics = createMetrics(() => ({ examine: () => examine(health()), ...sources }), machine.uptimeMs);
  return {
    machine,
    /** The same stores, timed. */
    observe: <Stores extends object>(stores: Stores): Stores =>
      observeStores(stores, metrics.observeStore, machine.uptimeMs),
    /** What is looked at, once everything that is looked at exists. */
    watch(watched: readonly HealthProbe[], counted: Omit<MetricSources, 'examine'>): void {
      probes = watched;
      sources = counted;
    },
    /** Stands before all routes. */
    mount(app: Hono): void {
      if (log) app.use('*', createRequestLog(log, machine.uptimeMs));
      app.use('*', metrics.count);
      app.route(
        '/',
        createHealthRoutes({
          now,
          get probes() {
            return probes;
          },
        }),
      );
      app.get('/metrics', async (context) => {
        // Counts are nobody's in person; who writes to whom is the operator's all the same.
        if (metricsToken === undefined || !isBearer(context.req.header('authorization'), metricsToken)) {
          throw new Problem('unauthenticated', 'for the bearer of the metrics token');
        }
        const { contentType, body } = await metrics.expose();
        return context.body(body, 200, { 'content-type': contentType, 'cache-control': 'no-store' });
      });
    },
  };
}

export type Telemetry = ReturnType<typeof createTelemetry>;
