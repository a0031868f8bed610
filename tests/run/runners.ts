import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { run } from './process.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly exitCode: number;
}

const RESULTS = 'test-results';

export async function runVitest(): Promise<Counts> {
  const file = freshResultFile('vitest.json');
  const exitCode = await run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  const report = readReport(file) as {
    numPassedTests?: number;
    numFailedTests?: number;
    numPendingTests?: number;
    numTodoTests?: number;
  };
  return {
    passed: report.numPassedTests ?? 0,
    failed: report.numFailedTests ?? 0,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
    exitCode,
  };
}

export async function runPlaywright(chromium: string): Promise<Counts> {
  const file = freshResultFile('playwright.json');
  const exitCode = await run('playwright', ['test', '--reporter=list,json'], {
    CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const { stats } = readReport(file) as {
    stats?: { expected: number; unexpected: number; skipped: number; flaky: number };
  };
  return {
    passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    failed: stats?.unexpected ?? 0,
    skipped: stats?.skipped ?? 0,
    exitCode,
  };
}

function freshResultFile(name: string): string {
  mkdirSync(RESULTS, { recursive: true });
  const file = `${RESULTS}/${name}`;
  rmSync(file, { force: true });
  return file;
}

/** A runner that died before writing its report counts nothing and fails by its exit code. */
function readReport(file: string): object {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object;
  } catch {
    return {};
  }
}
