import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseWorld, serialiseWorld } from '#api/synthetic/world-file.ts';
import { createSyntheticWorld, type SyntheticWorld } from '#api/synthetic/world.ts';

/** The instant at which the tests' world is made. */
export const NOW = new Date('2026-11-20T03:00:00Z');

/** For hooks that wait for a world: seventy RSA keys take long on a machine that is doing other things. */
export const WORLD_TIMEOUT_MS = 120_000;

// Not `new URL(path, import.meta.url)`: tests that are compiled for a browser have that rewritten to an asset's address.
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const path = (name: string): string => join(root, name);
const CACHE = path('node_modules/.cache/tsunagi-tests');
/** Whatever a world is made from; another byte in any of these makes another world. */
const SOURCES = ['api/synthetic', 'api/contract', 'ccid/simulated/issuer'];
/** Foreign code that writes its certificates: another version may write them otherwise. */
const WRITER = 'node_modules/@peculiar/x509/package.json';

/** A world made now, with keys that no test has seen. */
export function freshWorld(): Promise<SyntheticWorld> {
  return createSyntheticWorld({ seed: 'tests', now: NOW });
}

let world: Promise<SyntheticWorld> | undefined;

/** The world that all tests share, across files and runs, as long as its makers' sources stay the same. Nobody changes it. */
export function sharedWorld(): Promise<SyntheticWorld> {
  world ??= readOrMake();
  return world;
}

async function readOrMake(): Promise<SyntheticWorld> {
  const file = `${CACHE}/world-${digestOfSources()}.json`;
  try {
    return parseWorld(readFileSync(file, 'utf8'));
  } catch {
    const made = await freshWorld();
    mkdirSync(CACHE, { recursive: true });
    // Another test file may be doing the same: whoever is last wins, and nobody reads half a file.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, serialiseWorld(made));
    renameSync(draft, file);
    return parseWorld(readFileSync(file, 'utf8'));
  }
}

function digestOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(path(WRITER)));
  for (const folder of SOURCES) {
    for (const name of readdirSync(path(folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (name.endsWith('.ts')) hash.update(name).update(readFileSync(path(`${folder}/${name}`)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
