import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import { parseConfig, type ServerConfig } from '../../config/server-config.ts';

/** A server's configuration on disk, as commands change it. */
export interface ConfigFile {
  readonly path: string;
  readonly config: ServerConfig;
  /** A path in it, which is relative to its folder. */
  at(path: string): string;
  /**
   * Replaces members and writes the file whole or not at all; what the change does not name stays as it was written.
   *
   * @throws {ConfigError} `config_invalid`: nothing was written
   */
  change(members: Readonly<Record<string, unknown>>): Promise<ConfigFile>;
  /** Writes what stood there before this was made by `change`; nothing where it was not. */
  undo(): Promise<void>;
}

/** @throws {ConfigError} */
export async function openConfigFile(path: string): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError('config_unreadable', `${path} cannot be read`, { cause });
  }
  return describeFile(path, text);
}

function describeFile(path: string, text: string, before?: string): ConfigFile {
  const config = parseConfig(text);
  return {
    path,
    config,
    at: (name) => resolve(dirname(path), name),
    async change(members) {
      const written: unknown = JSON.parse(text);
      const next = `${JSON.stringify({ ...(written as object), ...members }, null, 2)}\n`;
      const changed = describeFile(path, next, text);
      await replaceText(path, next);
      return changed;
    },
    async undo() {
      if (before !== undefined) await replaceText(path, before);
    },
  };
}

/** Whole or not at all; who may read the file stays as it is. */
async function replaceText(path: string, text: string): Promise<void> {
  const { mode } = await stat(path);
  await writeFile(`${path}.new`, text, { mode: mode & 0o777 });
  await rename(`${path}.new`, path);
}
