#!/usr/bin/env node
import { existsSync } from 'node:fs';

// In the workspace the sources run as they are; the published package has none.
const source = new URL('../cli/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
