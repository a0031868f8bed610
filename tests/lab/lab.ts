/** The virtual lab: boots a machine in which programs of others meet this library, its readers and its cards. */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ALL_CHECKS, CORE } from './inside/all-checks.ts';
import { LabError } from './lab-error.ts';
import { whyNoLab } from './machine/requirements.ts';
import { runLab } from './run-lab.ts';

const USAGE = `npm run lab -- [options]

Boots a virtual machine and lets programs that nobody here wrote check this library: QEMU's card reader, libccid and
OpenSC, Chromium's WebUSB. It takes some minutes. Nothing is installed in it, and this machine's files are read only.

  --only NAME        these checks: a name, or the part before the slash; may be given again and again
  --core             one check of every kind, in a third of the time
  --list             the checks
  --limit-minutes N  end after so long, and leave out what was not reached
  --keep             keep the folder in which host and guest share files
  --if-possible      end well, saying why, where the lab cannot be built
  --help             this text

Ends with one line: N passed, N failed, N skipped
`;

/** @throws {TypeError} an option that is not there */
function parseCommand() {
  return parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      core: { type: 'boolean', default: false },
      'if-possible': { type: 'boolean', default: false },
      'limit-minutes': { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
    },
  }).values;
}

type Values = ReturnType<typeof parseCommand>;

const CACHE = 'node_modules/.cache/lab';

/** @throws {RangeError} when a name is no check's */
function chosen({ only, core }: Values): readonly string[] {
  const names = ALL_CHECKS.map(({ name }) => name);
  if (core) return CORE;
  for (const part of only) {
    const isKnown = names.some((name) => name === part || name.startsWith(`${part}/`));
    if (!isKnown) throw new RangeError(`--only is one of ${names.join(', ')}, or the part before the slash`);
  }
  if (only.length === 0) return names;
  return names.filter((name) => only.some((part) => name === part || name.startsWith(`${part}/`)));
}

/** @throws {RangeError} when it is no time */
function limitOf(values: Values): number | undefined {
  const text = values['limit-minutes'];
  if (text === undefined) return undefined;
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 600)) throw new RangeError('--limit-minutes is a number from 1 to 600');
  return minutes;
}

async function main(values: Values): Promise<void> {
  const checks = chosen(values);
  const limitMinutes = limitOf(values);
  const reason = whyNoLab();
  if (reason) {
    console.log(`The virtual lab is left out: ${reason}.`);
    console.log(`\n0 passed, 0 failed, ${checks.length} skipped`);
    process.exitCode = values['if-possible'] ? 0 : 1;
    return;
  }
  if (values.core)
    console.log(`One check of every kind, ${checks.length} of ${ALL_CHECKS.length}: ${checks.join(', ')}`);
  mkdirSync(CACHE, { recursive: true });
  const { passed, failed, skipped } = await runLab({ cache: CACHE, checks, keeps: values.keep, limitMinutes });
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

try {
  const values = parseCommand();
  if (values.help) console.log(USAGE);
  else if (values.list) for (const { name, title } of ALL_CHECKS) console.log(`${name.padEnd(24)} ${title}`);
  else await main(values);
} catch (error) {
  const isExpected = error instanceof RangeError || error instanceof TypeError || error instanceof LabError;
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
}
