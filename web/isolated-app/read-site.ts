import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** One answer of the app: a path on its origin, and what is there. */
export interface Resource {
  readonly path: string;
  readonly type: string;
  readonly body: Uint8Array;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
};
/** The same bytes again, for servers. */
const COMPRESSED = new Set(['.br', '.gz']);

/**
 * The files of a built site, in the order of their paths.
 *
 * @throws {RangeError} no such folder, or a file of a kind that has no media type here
 */
export function readSite(folder: string): readonly Resource[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new RangeError(`there is no folder ${folder}`);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !COMPRESSED.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      const type = TYPES[extname(file)];
      if (!type) throw new RangeError(`${file} has no known media type`);
      return {
        path: `/${file.slice(folder.length).replace(/^\/+/, '')}`,
        type,
        body: new Uint8Array(readFileSync(file)),
      };
    });
}
