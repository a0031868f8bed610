import { keepDirectoriesFresh } from '../directory/keep-fresh.ts';
import { startForwardingLoop } from '../visits/forwarding-loop.ts';
import { gatewayCutoffs, keepPurging } from '../operations/retention.ts';
import { createDocsRoutes } from '../operations/docs-routes.ts';
import { mountGatewayRoutes } from './gateway-routes.ts';
import { createGatewayServices, type GatewayParts } from './gateway-services.ts';
import { reportDirectory } from './report-directory.ts';
import { watchGateway } from './gateway-health.ts';
import { createLoops, type RunnableApp } from './runnable-app.ts';
import { composeShell } from './shell.ts';
import { createTelemetry } from './telemetry.ts';

/** Composes a gateway. */
export async function createGatewayApp(parts: GatewayParts): Promise<RunnableApp> {
  const { config, now, random, report } = parts;
  const loops = createLoops(report);
  const telemetry = createTelemetry({ ...parts, metricsToken: parts.keys.metrics });
  const observed = { ...parts, stores: telemetry.observe(parts.stores) };
  const services = await createGatewayServices(observed);
  watchGateway(telemetry, observed, services);
  const app = composeShell({ ...parts, origin: config.origin, telemetry }, (shell) => {
    const { origin, institution, demoWorld } = config;
    const title = `${institution.name.en}: API`;
    shell.route('/', createDocsRoutes({ role: 'gateway', title, origin, isDemo: demoWorld !== undefined }));
    mountGatewayRoutes(shell, observed, services);
  });
  return {
    app,
    start() {
      const { alarm, visits, exchange, forwarder, forwarding, watch, directories, sharing } = services;
      announceSetUp(services.setUp.code(), config.origin, parts.announce ?? (() => {}));
      const options = { signal: loops.signal, random, report };
      const witnessThreshold = () => directories.book.view.witnessThreshold(config.exchange.id);
      const isStamped = () => directories.book.view.isStamped(config.exchange.id);
      const loop = startForwardingLoop({
        witnessThreshold,
        isStamped,
        visits,
        exchange,
        forwarder,
        now,
        random,
        report,
      });
      forwarding.loop = loop;
      loops.onEnd(() => loop.stop());
      loops.onEnd(watch.start());
      const freshness = { ...options, report: reportDirectory(report), sleep: alarm.sleep };
      loops.add(keepDirectoriesFresh(directories, freshness));
      loops.add(sharing.run(options));
      loops.add(
        keepPurging(parts.stores.retention, () => gatewayCutoffs(config, now()), { ...options, log: parts.log }),
      );
    },
    stop: () => loops.end(),
  };
}

/** Without an administrator only the console lets somebody in. */
function announceSetUp(code: string | undefined, origin: string, announce: (text: string) => void): void {
  if (code === undefined) return;
  announce(`Nobody can sign in here yet. Open ${origin}/ on the first tablet and enter this code: ${code}`);
}
