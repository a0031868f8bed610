import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../shared/vectors/', import.meta.url);

/** The path of an independent vector file or folder, or `undefined` where the data does not lie beside the project. */
export function vectorPath(name: string): string | undefined {
  const path = fileURLToPath(new URL(name, root));
  return existsSync(path) ? path : undefined;
}

/** The bytes of an independent vector file, or `undefined`. */
export function readVector(name: string): Uint8Array | undefined {
  const path = vectorPath(name);
  return path === undefined ? undefined : readFileSync(path);
}
