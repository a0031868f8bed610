import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Not `new URL(path, import.meta.url)`: tests that are compiled for a browser have that rewritten to an asset's address.
const root = join(dirname(fileURLToPath(import.meta.url)), '../../shared/vectors');

/** The path of an independent vector file or folder, or `undefined` where the data does not lie beside the project. */
export function vectorPath(name: string): string | undefined {
  const path = join(root, name);
  return existsSync(path) ? path : undefined;
}

/** The bytes of an independent vector file, or `undefined`. */
export function readVector(name: string): Uint8Array | undefined {
  const path = vectorPath(name);
  return path === undefined ? undefined : readFileSync(path);
}
