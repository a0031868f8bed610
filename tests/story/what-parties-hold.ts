import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which of the needles the files below a folder hold in plain text (UTF-8), write-ahead logs included. */
export function findPlaintext(folder: string, needles: readonly string[]): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  return needles.filter((needle) => files.some((content) => content.includes(needle)));
}
