import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PACKAGES = ['chromium', 'fonts-noto-cjk'];

const findChromium = () => [process.env['CHROMIUM'], ...CANDIDATES].find((path) => path && existsSync(path));
const hasJapaneseFont = () =>
  (spawnSync('fc-list', [':lang=ja', 'family'], { encoding: 'utf8' }).stdout ?? '').trim() !== '';

/**
 * The path of a Chromium, with a Japanese font beside it. Installs Debian's packages when we may; otherwise says the one
 * command to type and ends the run.
 */
export function requireBrowser(): string {
  if (!findChromium() || !hasJapaneseFont()) installPackages();
  const chromium = findChromium();
  if (chromium) return chromium;
  console.error(
    `The browser tests need a Chromium. Type:\n\n  sudo apt-get install ${PACKAGES.join(' ')}\n\nor name one: CHROMIUM=/path/to/chromium npm test`,
  );
  process.exit(1);
}

function installPackages(): void {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || spawnSync('apt-get', ['--version']).status !== 0) return;
  console.log(`Installing ${PACKAGES.join(', ')} …`);
  const quiet = {
    stdio: ['ignore', 'ignore', 'inherit'] as const,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update', '-qq'], { ...quiet, stdio: [...quiet.stdio] });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], {
    ...quiet,
    stdio: [...quiet.stdio],
  });
}
