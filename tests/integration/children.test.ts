import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulatedCard } from 'webusb-ccid/simulated';
import { expect, it, onTestFinished } from 'vitest';
import { createHeadlessTerminal } from '#api/demo/headless-terminal.ts';
import { startNetwork } from '#api/demo/network.ts';
import type { NodeName } from '#api/demo/nodes.ts';
import { VisitList, VisitView } from '#api/contract/visits-api.ts';
import { WORLD_TIMEOUT_MS } from '../api/synthetic/shared-world.ts';
import { until } from './visit-network.ts';

const now = () => new Date();

it(
  'runs each server in a process of its own; one may be killed, and the next start finds everything',
  async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'tsunagi-children-'));
    onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
    const ended: NodeName[] = [];
    const options = { dataDirectory, onEnded: (name: NodeName) => ended.push(name) };
    const readPids = () => JSON.parse(readFileSync(join(dataDirectory, 'pids.json'), 'utf8')) as Record<string, number>;

    const network = await startNetwork(options);
    const { origins, world } = network;
    expect(readPids()).toEqual(network.pids());
    expect(Object.keys(readPids())).toEqual(['payer', 'east', 'west', 'gateway-a', 'gateway-b']);

    const origin = origins['gateway-a'];
    const terminal = await createHeadlessTerminal({ origin, name: 'Reception', fetch, now });
    const simulated = createSimulatedCard(world.cards.mynumber[0]!);
    const tap = await terminal.tap({ transmit: (command) => simulated.process(command) });
    const view = await terminal.post('/api/visits', tap, VisitView);
    expect(view.state).toBe('recorded');

    process.kill(readPids()['gateway-a'] ?? 0, 'SIGKILL');
    await until(
      () => Promise.resolve(ended),
      ({ length }) => length === 1,
    );
    expect(network.pids()['gateway-a']).toBeUndefined();
    await network.startNode('gateway-a');
    expect(await terminal.post('/api/visits', tap, VisitView)).toEqual(view);

    await network.stop();
    expect(ended).toEqual(['gateway-a']);
    expect(readPids()).toEqual({});
    const again = await startNetwork({ ...options, origins });
    expect((await terminal.get('/api/visits', VisitList)).visits).toEqual([view]);
    await again.stop();
  },
  WORLD_TIMEOUT_MS,
);
