import { keepDirectoriesFresh } from '../directory/keep-fresh.ts';
import { keepGreeting } from '../directory/keep-greeting.ts';
import { keepExpiring } from '../relay/expiry.ts';
import { keepForwarding } from '../relay/forward.ts';
import { keepBringing } from '../relay/push.ts';
import { keepReturningReceipts } from '../relay/return-receipts.ts';
import { keepTelling } from '../sharing/access/withdraw.ts';
import { composeAccess } from './exchange-access.ts';
import { exchangeCutoffs, keepPurging } from '../operations/retention.ts';
import { createDocsRoutes } from '../operations/docs-routes.ts';
import { mountExchangeRoutes } from './exchange-routes.ts';
import { createExchangeServices, type ExchangeParts } from './exchange-services.ts';
import { reportDirectory } from './report-directory.ts';
import { createLoops, type RunnableApp } from './runnable-app.ts';
import { composeShell } from './shell.ts';
import { createTelemetry } from './telemetry.ts';

/** Composes an exchange. */
export async function createExchangeApp(parts: ExchangeParts): Promise<RunnableApp> {
  const { config, now, random, report } = parts;
  const loops = createLoops(report);
  const telemetry = createTelemetry({ ...parts, metricsToken: parts.keys.metrics });
  const observed = { ...parts, stores: telemetry.observe(parts.stores) };
  const services = await createExchangeServices(observed);
  const app = composeShell({ ...parts, origin: config.origin, telemetry }, (shell) => {
    const { origin, name } = config;
    shell.route('/', createDocsRoutes({ role: 'exchange', title: `${name.en}: API`, origin, isDemo: false }));
    mountExchangeRoutes(shell, observed, services, loops.signal, telemetry);
  });
  return {
    app,
    start() {
      const { alarm, log, directories, relay, peers, gateways, witnessing, stamping } = services;
      const options = { signal: loops.signal, random, report };
      loops.onEnd(log.start({ onFailure: report }));
      loops.onEnd(witnessing.start({ onFailure: report }));
      loops.onEnd(stamping.start(report));
      const freshness = { ...options, report: reportDirectory(report), sleep: alarm.sleep };
      loops.add(keepDirectoriesFresh(directories, freshness));
      loops.add(
        keepPurging(parts.stores.retention, () => exchangeCutoffs(config, now()), { ...options, log: parts.log }),
      );
      loops.add(keepExpiring(relay, options));
      const access = composeAccess(parts, services);
      for (const gateway of gateways) loops.add(keepBringing(relay, gateway, options));
      for (const peer of peers) {
        loops.add(keepTelling(access, peer, options));
        loops.add(keepGreeting(peer, options));
        loops.add(keepForwarding(relay, peer, options));
        loops.add(keepReturningReceipts(relay, peer, options));
      }
    },
    stop: () => loops.end(),
  };
}
