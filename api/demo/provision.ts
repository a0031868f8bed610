import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseWorld, serialiseWorld } from '../synthetic/world-file.ts';
import { createSyntheticWorld, type SyntheticWorld } from '../synthetic/world.ts';
import { encodeTrust } from '../contract/evidence/trust.ts';
import { describeNetwork } from './describe-network.ts';
import { keepChanges } from './keep-changes.ts';
import { openKeyRing } from './key-ring.ts';
import { describePinnedKeys } from './pinned-keys.ts';
import { NODE_NAMES, type NodeName, type Origins } from './nodes.ts';

export interface ProvisionOptions {
  /** Everything the demonstration keeps is below it. */
  readonly dataDirectory: string;
  readonly origins: Origins;
  /** Folder of the built app; without it the servers answer their API only. */
  readonly appDirectory?: string;
  /** A world made before; otherwise the one of an earlier start, or a new one. */
  readonly world?: SyntheticWorld;
  readonly now: Date;
}

/** What a start needs: who lives in the demonstration, and the configuration file of each server. */
export interface Provision {
  readonly world: SyntheticWorld;
  readonly configPaths: Readonly<Record<NodeName, string>>;
}

/** The names of the synthetic people follow from it. */
const SEED = 'tsunagi';

/** The file that `tsunagi verify` finds by itself. */
const TRUST_NAME = 'tsunagi-trust.json';

/** Makes what is missing below the data folder: people, keys, databases' folder; configurations are written each time. */
export async function provision(options: ProvisionOptions): Promise<Provision> {
  const { dataDirectory } = options;
  const folder = (name: string) => join(dataDirectory, name);
  await mkdir(folder('config'), { recursive: true, mode: 0o700 });
  await mkdir(folder('database'), { recursive: true, mode: 0o700 });
  const worldPath = folder('world.json');
  const world = await readOrCreateWorld(worldPath, options);
  const configs = await describeNetwork({
    world,
    worldPath,
    keys: await openKeyRing(folder('keys')),
    origins: options.origins,
    folder,
    ...(options.appDirectory === undefined ? {} : { appDirectory: options.appDirectory }),
    writePem: async (name, certificates) => {
      const path = join(folder('config'), name);
      await writeFile(path, certificates.map(encodePem).join(''));
      return path;
    },
  });
  const pathOf = (name: NodeName) => join(folder('config'), `${name}.json`);
  await writePrivate(folder(TRUST_NAME), encodeTrust(await describePinnedKeys(configs)));
  for (const name of NODE_NAMES) {
    const config = await keepChanges(pathOf(name), configs[name]);
    await writePrivate(pathOf(name), `${JSON.stringify(config, null, 2)}\n`);
  }
  return {
    world,
    configPaths: {
      payer: pathOf('payer'),
      east: pathOf('east'),
      west: pathOf('west'),
      'gateway-a': pathOf('gateway-a'),
      'gateway-b': pathOf('gateway-b'),
    },
  };
}

async function readOrCreateWorld(path: string, { world, now }: ProvisionOptions): Promise<SyntheticWorld> {
  let text: string | undefined;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  if (text !== undefined) return parseWorld(text);
  const made = world ?? (await createSyntheticWorld({ seed: SEED, now }));
  await writePrivate(path, serialiseWorld(made));
  return made;
}

async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

const encodePem = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`;
