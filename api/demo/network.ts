import { writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from '../app.ts';
import { createExchangeClient } from '../http/exchange-client.ts';
import { readSigningKey } from '../server/key-files.ts';
import { startServer } from '../server/start-server.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import { startChild } from './children.ts';
import { cardsToEnrol, enrolCard } from './enrol-people.ts';
import { NODE_NAMES, type NodeName, type Origins } from './nodes.ts';
import { findFreeOrigins } from './ports.ts';
import { provision } from './provision.ts';
import { untilWatched } from './until-watched.ts';

export interface NetworkOptions {
  /** Everything the network keeps is below it; an earlier network's is continued. */
  readonly dataDirectory: string;
  /** A world made before, for a folder that has none yet. */
  readonly world?: SyntheticWorld;
  /** Fixed origins; free ports when left out. */
  readonly origins?: Origins;
  /** All servers in this process: for tests and for the story. Otherwise each is a child process. */
  readonly inProcess?: boolean;
  /** Folder of the built app. */
  readonly appDirectory?: string;
  /** The clock of whatever runs in this process; the machine's when left out. */
  readonly now?: () => Date;
  /** What servers in this process take from their surroundings instead of the real thing. */
  readonly surroundings?: (name: NodeName) => Partial<Surroundings>;
  /** Told of a child process that ended without being asked to by us. */
  readonly onEnded?: (name: NodeName, configPath: string) => void;
}

/** A running demonstration network. */
export interface DemoNetwork {
  readonly origins: Origins;
  readonly world: SyntheticWorld;
  readonly dataDirectory: string;
  /** Stops one server and leaves the others alone. */
  stopNode(name: NodeName): Promise<void>;
  startNode(name: NodeName): Promise<void>;
  /** Process ids of the servers that run as children. */
  pids(): Readonly<Partial<Record<NodeName, number>>>;
  stop(): Promise<void>;
}

const machineClock = (): Date => new Date();

interface RunningNode {
  readonly pid?: number;
  readonly ended?: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts payer, exchanges and gateways, with people and keys made when the folder has none, and enrols the synthetic
 * people's cards at both exchanges once.
 *
 * @throws {ConfigError} `port_busy` and what else keeps a server from starting; nothing runs then
 */
export async function startNetwork(options: NetworkOptions): Promise<DemoNetwork> {
  const { dataDirectory } = options;
  const origins = options.origins ?? (await findFreeOrigins());
  const { world, configPaths } = await provision({
    dataDirectory,
    origins,
    now: (options.now ?? machineClock)(),
    ...(options.appDirectory === undefined ? {} : { appDirectory: options.appDirectory }),
    ...(options.world ? { world: options.world } : {}),
  });

  const running = new Map<NodeName, RunningNode>();
  const network: DemoNetwork = {
    origins,
    world,
    dataDirectory,
    pids: () =>
      Object.fromEntries(
        NODE_NAMES.flatMap((name) => {
          const pid = running.get(name)?.pid;
          return pid === undefined ? [] : [[name, pid]];
        }),
      ),
    async startNode(name) {
      if (running.has(name)) return;
      const node = await launch(name, configPaths[name], options);
      running.set(name, node);
      writePids(network);
      void node.ended?.then(() => {
        if (running.get(name) !== node) return;
        running.delete(name);
        options.onEnded?.(name, configPaths[name]);
        writePids(network);
      });
    },
    async stopNode(name) {
      const node = running.get(name);
      running.delete(name);
      await node?.stop();
      writePids(network);
    },
    async stop() {
      // Gateways first: they are the ones that have something to hand on.
      for (const name of [...NODE_NAMES].reverse()) await network.stopNode(name);
    },
  };
  try {
    await startAll(network);
    await enrolOnce(network, options.now ?? machineClock);
    await untilWatched(origins);
  } catch (error) {
    await network.stop();
    throw error;
  }
  return network;
}

/** None needs another to start. All are waited for, so that a failure leaves nothing running unseen. */
async function startAll(network: DemoNetwork): Promise<void> {
  const starts = await Promise.allSettled(NODE_NAMES.map((name) => network.startNode(name)));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) throw failed.reason;
}

async function launch(name: NodeName, configPath: string, options: NetworkOptions): Promise<RunningNode> {
  if (!options.inProcess) return startChild(configPath);
  const defaults: Surroundings = {
    fetch,
    now: options.now ?? machineClock,
    random: Math.random,
    report: (failure) => console.error(name, failure),
  };
  return startServer(configPath, { ...defaults, ...options.surroundings?.(name) });
}

/** The pids stand in a file too, so that one server can be stopped from outside. */
function writePids(network: DemoNetwork): void {
  writeFileSync(join(network.dataDirectory, 'pids.json'), `${JSON.stringify(network.pids(), null, 2)}\n`);
}

/** Each institution enrols everybody at its own exchange, the first time the network runs. */
async function enrolOnce({ world, origins, dataDirectory }: DemoNetwork, now: () => Date): Promise<void> {
  const marker = join(dataDirectory, 'enrolled.json');
  const isDone = await readFile(marker).then(
    () => true,
    () => false,
  );
  if (isDone) return;
  const desks = [
    { exchange: 'east', node: 'gateway-a', self: world.institutions.a.id },
    { exchange: 'west', node: 'gateway-b', self: world.institutions.b.id },
  ] as const;
  await Promise.all(
    desks.map(async ({ exchange, node, self }) => {
      const key = await readSigningKey(join(dataDirectory, 'keys', `${node}-signing.json`));
      const client = { origin: origins[exchange], self, exchange, key, fetch, now };
      for (const card of cardsToEnrol(world)) await enrolCard(card, createExchangeClient(client));
    }),
  );
  await writeFile(marker, `${JSON.stringify({ at: now().toISOString(), cards: cardsToEnrol(world).length })}\n`);
}
