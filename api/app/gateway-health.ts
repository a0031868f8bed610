import { probeClock, probeDirectory, probeDisk, probeOthers, probeStore } from '../operations/probes.ts';
import type { GatewayParts, GatewayServices } from './gateway-services.ts';
import type { Telemetry } from './telemetry.ts';

/** What is looked at and counted in a gateway. */
export function watchGateway(
  telemetry: Telemetry,
  { config, stores, now }: GatewayParts,
  { directories, visits, watch }: GatewayServices,
): void {
  const { machine } = telemetry;
  const view = () => directories.book.view;
  telemetry.watch(
    [
      probeStore(stores.probe, machine, now),
      probeDisk(machine),
      probeClock(machine, now, view),
      probeDirectory(view, config.exchange.id, now),
      // Visits are kept and handed over later: reception goes on.
      probeOthers('exchange', () => Promise.resolve(watch.isReachable() ? 0 : 1)),
    ],
    { readKept: () => visits.countKept() },
  );
}
