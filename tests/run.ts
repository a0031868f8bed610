import { parseArgs } from 'node:util';
import { requireBrowser } from './run/browser.ts';
import { installForeignPrograms } from './run/foreign-programs.ts';
import { readOrExplain } from './run/read-or-explain.ts';
import { runPlaywright, runVitest, type Counts } from './run/runners.ts';
import { buildApp } from './run/build.ts';

const USAGE = `npm test — every test: unit, architecture, integration, and end to end in a real Chromium

  -- --no-e2e   leave out the browser
  -- --help     this text

Ends with one line over all runners: N passed, N failed, N skipped`;

const { values } = readOrExplain(
  () => parseArgs({ options: { help: { type: 'boolean' }, 'no-e2e': { type: 'boolean' } } }),
  USAGE,
);
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

installForeignPrograms();
const results: Counts[] = [];
if (!values['no-e2e']) {
  const chromium = requireBrowser();
  await buildApp();
  results.push(await runVitest(), await runPlaywright(chromium));
} else {
  results.push(await runVitest());
}

const sum = (count: (counts: Counts) => number) => results.reduce((total, counts) => total + count(counts), 0);
const failed = sum((counts) => counts.failed);
console.log(`\n${sum((counts) => counts.passed)} passed, ${failed} failed, ${sum((counts) => counts.skipped)} skipped`);
process.exitCode = failed > 0 || results.some((counts) => counts.exitCode !== 0) ? 1 : 0;
