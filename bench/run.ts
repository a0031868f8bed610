import { readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = new URL('.', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length));

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  const isHelp = name === '--help';
  console[isHelp ? 'log' : 'error'](`npm run bench -- NAME [--json]

NAME is one of: ${names.join(', ')}
--json prints one object a line: name, value, unit, and where there is one limit and ratio = value/limit.`);
  process.exit(isHelp ? 0 : 1);
}
const file = fileURLToPath(new URL(`${name}.ts`, folder));
const { status } = spawnSync(process.execPath, ['--conditions=webusb-ccid:source', file, ...rest], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
