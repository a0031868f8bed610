import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which of the needles a server's database holds in plain text (UTF-8), write-ahead log included. */
export function findPlaintext(dataDirectory: string, server: string, needles: readonly string[]): readonly string[] {
  const folder = join(dataDirectory, 'database');
  const files = readdirSync(folder)
    .filter((name) => name.startsWith(`${server}.sqlite`))
    .map((name) => readFileSync(join(folder, name)));
  return needles.filter((needle) => files.some((content) => content.includes(needle)));
}
