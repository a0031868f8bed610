import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadlessTerminal } from '#api/demo/headless-terminal.ts';
import { startNetwork } from '#api/demo/network.ts';
import { createSimulatedCard } from 'webusb-ccid/simulated';
import { sharedWorld } from '../api/synthetic/shared-world.ts';

/** The demonstration network in this process, with a terminal at each hospital. */
export async function openTwoHospitals() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tsunagi-hospitals-'));
  const network = await startNetwork({ dataDirectory, inProcess: true, world: await sharedWorld() });
  const terminalAt = (gateway: 'gateway-a' | 'gateway-b', name: string) =>
    createHeadlessTerminal({ origin: network.origins[gateway], name, fetch, now: () => new Date() });
  return {
    ...{ network, dataDirectory },
    a: await terminalAt('gateway-a', 'Records'),
    b: await terminalAt('gateway-b', 'Room 1'),
    /** A person's card, held to a reader. */
    cardOf(person: number) {
      const simulated = createSimulatedCard(network.world.cards.mynumber[person]!);
      return { transmit: (command: Uint8Array) => simulated.process(command) };
    },
    async close() {
      await network.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
