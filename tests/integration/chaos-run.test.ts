import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const chaos = fileURLToPath(new URL('../chaos/chaos.ts', import.meta.url));

/** Runs `npm run chaos`; resolves with what it printed, whatever it found. */
const runChaos = (...options: readonly string[]) =>
  new Promise<{ readonly code: number | null; readonly out: string }>((resolve) => {
    const args = ['--conditions=webusb-ccid:source', chaos, ...options];
    const child = execFile(process.execPath, args, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, out: stdout + stderr }),
    );
  });

// Small, so that every run of the tests has one; `npm run chaos` is the one that looks for what is rare.
it('keeps every promise to sixty letters while processes are killed and lines cut', { timeout: 300_000 }, async () => {
  const { code, out } = await runChaos('--messages', '60', '--seed', '7');
  expect(out).toMatch(/^60 sent = \d+ delivered once \+ \d+ expired \+ \d+ refused/m);
  expect(out).toMatch(/^HELD with seed 7$/m);
  expect(code).toBe(0);
});
