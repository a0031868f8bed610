import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installPackages } from './debian-packages.ts';

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
  if (!findChromium() || !hasJapaneseFont()) installPackages(PACKAGES);
  const chromium = findChromium();
  if (chromium) return chromium;
  console.error(
    `The browser tests need a Chromium. Type:\n\n  sudo apt-get install ${PACKAGES.join(' ')}\n\nor name one: CHROMIUM=/path/to/chromium npm test`,
  );
  process.exit(1);
}
