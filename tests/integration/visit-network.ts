import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulatedCard } from 'webusb-ccid/simulated';
import { createHeadlessTerminal } from '#api/demo/headless-terminal.ts';
import { startNetwork } from '#api/demo/network.ts';
import { readExchangeStatus } from '#api/demo/operator.ts';
import { GatewayStatus } from '#api/contract/gateway-api.ts';
import { VisitView } from '#api/contract/visits-api.ts';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';
import { createExchangeClient, type Fetch } from '#api/http/exchange-client.ts';
import { readSigningKey } from '#api/server/key-files.ts';
import { NOW, sharedWorld } from '../api/synthetic/shared-world.ts';

/** What gateway A's requests meet on their way to the exchange. */
export type Weather = 'fair' | 'lost before' | 'answer lost';

/** The demonstration network in this process, at the time of the shared world, with a terminal at the hospital. */
export async function startVisitNetwork() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tsunagi-visits-'));
  const clock = { skewMs: 0 };
  const startedAt = Date.now();
  const now = () => new Date(NOW.getTime() + Date.now() - startedAt + clock.skewMs);
  const weather: { toExchange: Weather } = { toExchange: 'fair' };
  const failures: unknown[] = [];

  const throughWeather: Fetch = async (url, init) => {
    if (init.method !== 'POST' || weather.toExchange === 'fair') return fetch(url, init);
    if (weather.toExchange === 'answer lost') await (await fetch(url, init)).arrayBuffer();
    throw new TypeError('the connection broke');
  };
  const network = await startNetwork({
    dataDirectory,
    inProcess: true,
    world: await sharedWorld(),
    now,
    surroundings: (name) => ({
      report: (failure) => failures.push(failure),
      ...(name === 'gateway-a' ? { fetch: throughWeather } : {}),
    }),
  });
  const terminal = await createHeadlessTerminal({
    origin: network.origins['gateway-a'],
    name: 'Reception',
    fetch,
    now,
  });

  return {
    ...{ network, terminal, now, clock, weather, failures },
    /** A card on the reader. */
    lay(personId: string) {
      const person = network.world.people.find(({ id }) => id === personId);
      const card = network.world.cards.mynumber.find(({ id }) => id === person?.cardId);
      if (!card) throw new RangeError(personId);
      const simulated = createSimulatedCard(card);
      return { transmit: (command: Uint8Array) => simulated.process(command) };
    },
    post: (submission: PresenceSubmission) => terminal.post('/api/visits', submission, VisitView),
    read: (submissionId: string) => terminal.get(`/api/visits/${submissionId}`, VisitView),
    gatewayStatus: () => terminal.get('/api/status', GatewayStatus),
    exchangeStatus: () => readExchangeStatus({ ...network, fetch, now }, 'east'),
    /** Speaks to EAST in the hospital's name. */
    async callEast(send: Fetch = fetch) {
      const key = await readSigningKey(join(dataDirectory, 'keys/gateway-a-signing.json'));
      const self = network.world.institutions.a.id;
      return createExchangeClient({ origin: network.origins.east, self, exchange: 'east', key, fetch: send, now });
    },
    async stop() {
      await network.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Looks until something is so; the test's own time-out ends the wait. */
export async function until<T>(look: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (isSo(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
