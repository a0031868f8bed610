import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../../ccid/cli/card.ts', import.meta.url));

const run = (...args: string[]): Promise<{ code: number; output: string; errors: string }> =>
  new Promise((resolve) => {
    execFile('node', ['--conditions=webusb-ccid:source', COMMAND, ...args], (error, output, errors) =>
      resolve({ code: error ? Number(error.code) : 0, output, errors }),
    );
  });

it('says what it can do', async () => {
  const { code, output } = await run('--help');
  expect(code).toBe(0);
  expect(output).toMatch(/--profile NAME +mynumber, hpki, foreign/);
});

it.each([
  ['--profile', 'library'],
  ['--nonsense'],
  ['--port', 'first'],
  ['--card', 'no-such-card.json'],
  ['--card', 'README.md'],
  ['--card', 'package.json'],
  ['--state', 'README.md'],
])('refuses %s %s in one line', async (...args) => {
  const { code, errors } = await run(...args);
  expect(code).toBe(1);
  expect(errors.trim().split('\n')).toHaveLength(1);
});

it('says so where no virtual reader listens', async () => {
  const { code, errors } = await run('--profile', 'hpki', '--port', '1');
  expect(code).toBe(1);
  expect(errors).toContain('reader_gone');
});
