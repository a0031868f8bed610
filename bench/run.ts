import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BENCHES, describeBench, readBenchOptions, type Bench } from './report/benches.ts';

const benches = new Map<string, Bench>(Object.entries(BENCHES));
const width = Math.max(...[...benches.keys()].map((name) => name.length));
const USAGE = `npm run bench -- NAME [--json]

${[...benches].map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`).join('\n')}

npm run bench -- NAME --help names the options of one.`;

const [name = '', ...rest] = process.argv.slice(2);
const bench = benches.get(name);
process.exitCode = bench ? runBench(bench) : say(USAGE, name === '--help' ? 0 : 2);

function runBench(of: Bench): number {
  if (rest.includes('--help')) return say(describeBench(name, of), 0);
  try {
    readBenchOptions(of, rest);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return say(`${error.message}\n\n${describeBench(name, of)}`, 2);
  }
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--conditions=webusb-ccid:source', file, ...rest], {
    stdio: 'inherit',
  });
  return status ?? 1;
}

function say(text: string, exitCode: 0 | 2): number {
  console[exitCode === 0 ? 'log' : 'error'](text);
  return exitCode;
}
