#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  readFile: (file) => readFile(file),
  fetch,
  write: (line) => console.log(line),
  locale: process.env['LC_ALL'] || process.env['LC_MESSAGES'] || process.env['LANG'] || '',
});
