import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../config/config-error.ts';

/** Says that a folder belongs to a demonstration and may be deleted by one. */
const MARKER = 'tsunagi-demo';

/**
 * Makes or takes up the data folder; with `isFresh` it is emptied first.
 *
 * @throws {ConfigError} when there is something in it that no demonstration wrote: it is left alone
 */
export async function openDataFolder(path: string, isFresh: boolean): Promise<void> {
  const entries: readonly string[] = await readdir(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length > 0 && !entries.includes(MARKER)) {
    throw new ConfigError('config_invalid', `${path} holds something else; name another folder with --data`);
  }
  if (isFresh) await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true, mode: 0o700 });
  await writeFile(
    join(path, MARKER),
    'The demonstration network keeps its data here. npm start -- --fresh deletes it.\n',
  );
}
