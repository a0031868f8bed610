import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config/config-error.ts';

/** What the built app is made of. */
const SOURCES = ['web', 'static', 'ccid', 'api/contract', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'];

/** Whether the app has to be built: it never was, or something that it is made of changed since. */
export function needsBuild(root: string): boolean {
  const builtAt = changedAt(join(root, 'build/index.html'));
  return builtAt === 0 || SOURCES.some((source) => newest(join(root, source)) > builtAt);
}

/** Builds the app into `build/`. @throws {ConfigError} with what the build said when it fails */
export async function buildApp(root: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (code !== 0) throw new ConfigError('config_invalid', `${said}\nthe app does not build: see above`);
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newest(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && name !== 'dist')
    .reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}
