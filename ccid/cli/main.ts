import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { openBus } from './open-bus.ts';
import { runCli } from './run.ts';

/** The manifest stands above `cli/` in the workspace and above `dist/cli/` in the package. */
function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      if (typeof manifest === 'object' && manifest && 'version' in manifest) return String(manifest.version);
    } catch {
      // The other one, then.
    }
  }
  return 'unknown';
}

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

const exitCode = await runCli(process.argv.slice(2), {
  write: (line) => console.log(line),
  complain: (line) => console.error(line),
  readInput: () => text(process.stdin),
  openBus,
  version: readVersion(),
  platform: process.platform,
  signal: interrupted.signal,
});
// A read under way cannot be taken back from node-usb, and would keep the program here for seconds.
process.stdout.write('', () => process.exit(exitCode));
