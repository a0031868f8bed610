import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { startNetwork } from '#api/demo/network.ts';
import { requireBrowser } from '../tests/run/browser.ts';
import { BENCHES, readBenchOptions } from './report/benches.ts';
import { builtApp } from './report/built-app.ts';
import { report, say } from './report/report.ts';

/**
 * What Lighthouse says of the first room of a gateway, on a desktop and with a slow phone's network and processor. Fetches
 * that version for the run; it is no dependency. It scores how busy the machine was too: the median of some turns counts.
 */
const VERSION = '13.5.0';
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;
const LOWEST = 95;

const Answer = z.object({
  categories: z.record(z.string(), z.object({ score: z.number().nullable() })),
  audits: z.record(
    z.string(),
    z.object({
      title: z.string(),
      score: z.number().nullable(),
      numericValue: z.number().optional(),
      displayValue: z.string().optional(),
    }),
  ),
});

const turns = Number(readBenchOptions(BENCHES.lighthouse, process.argv.slice(2))['turns']);
const executablePath = requireBrowser();
const folder = await mkdtemp(join(tmpdir(), 'tsunagi-lighthouse-'));
const network = await startNetwork({ dataDirectory: folder, inProcess: true, appDirectory: await builtApp() });
try {
  for (const device of ['desktop', 'mobile'] as const) await measure(device);
} finally {
  await network.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(device: 'desktop' | 'mobile'): Promise<void> {
  const answers: z.output<typeof Answer>[] = [];
  for (let turn = 0; turn < turns; turn += 1) answers.push(await ask(device));
  for (const category of CATEGORIES) {
    const scores = answers.map(({ categories }) => Math.round((categories[category]?.score ?? 0) * 100));
    scores.sort((left, right) => left - right);
    const value = scores[Math.floor(scores.length / 2)] ?? 0;
    report({ name: `${device}, ${category}, at least`, value, unit: 'of 100', limit: LOWEST });
    if (scores[0] !== scores.at(-1)) say(`    turns: ${scores.join(', ')}`);
    if (value < LOWEST) process.exitCode = 1;
  }
  for (const { title, score, displayValue = '' } of Object.values(answers.at(-1)?.audits ?? {})) {
    if (score !== null && score < 0.9) say(`    ${title} ${displayValue}`);
  }
}

/** One turn, in a browser that was never there. */
async function ask(device: 'desktop' | 'mobile'): Promise<z.output<typeof Answer>> {
  const file = join(folder, `${device}.json`);
  await runLighthouse([
    network.origins['gateway-a'],
    '--quiet',
    '--output=json',
    `--output-path=${file}`,
    `--only-categories=${CATEGORIES.join(',')}`,
    '--chrome-flags=--headless=new --no-sandbox',
    ...(device === 'desktop' ? ['--preset=desktop'] : []),
  ]);
  return Answer.parse(JSON.parse(await readFile(file, 'utf8')));
}

function runLighthouse(options: readonly string[]): Promise<void> {
  const args = ['exec', '--yes', `--package=lighthouse@${VERSION}`, '--', 'lighthouse', ...options];
  return new Promise((done, fail) => {
    const child = spawn('npm', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, CHROME_PATH: executablePath },
    });
    child.once('error', fail);
    child.once('exit', (code) => (code === 0 ? done() : fail(new TypeError(`lighthouse ended with ${code}`))));
  });
}
