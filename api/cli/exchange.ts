#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { runExchange } from './exchange/run.ts';

const ask = async (question: string): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
};

process.exitCode = await runExchange(process.argv.slice(2), {
  cwd: process.cwd(),
  write: (line) => console.log(line),
  ask: process.stdin.isTTY ? ask : undefined,
  fetch,
  now: () => new Date(),
  databaseUrl: process.env['DATABASE_URL'],
  locale: process.env['LC_ALL'] || process.env['LC_MESSAGES'] || process.env['LANG'] || '',
});
