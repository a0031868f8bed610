#!/usr/bin/env node
import { readFile, writeFile } from 'node:fs/promises';
import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  readFile: (file) => readFile(file),
  writeFile: (file, bytes) => writeFile(file, bytes, { flag: 'wx' }),
  fetch,
  write: (line) => console.log(line),
  locale: process.env['LC_ALL'] || process.env['LC_MESSAGES'] || process.env['LANG'] || '',
});
