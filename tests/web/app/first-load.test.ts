import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import * as z from 'zod';

/** What a newcomer's tablet loads before reception is ready, at the most: compressed JavaScript. */
const LIMIT_BYTES = 120 * 1024;
const CLIENT = '.svelte-kit/output/client';
const MANIFEST = join(CLIENT, '.vite/manifest.json');

const Manifest = z.record(
  z.string(),
  z.object({ file: z.string(), src: z.string().optional(), imports: z.array(z.string()).optional() }),
);

/** The client's entry, its layout, reception's page, and one language. */
const ENTRIES = [/client\/entry\.js$/, /nodes\/0\.js$/, /nodes\/2\.js$/, /generated\/.*app\.js$/, /i18n\/ja\.ts$/];

/** Names every one of these files, so that they come in one wave. */
const PAGE = join(CLIENT, '../prerendered/pages/index.html');

const isBuilt = existsSync(MANIFEST);
// Without a build there is nothing to weigh; `npm test` builds first.
it.skipIf(!isBuilt)('loads little before reception is ready, at once, and no passkey or slow key among it', () => {
  const manifest = Manifest.parse(JSON.parse(readFileSync(MANIFEST, 'utf8')));
  const reached = new Set<string>();
  const visit = (name: string) => {
    if (reached.has(name)) return;
    reached.add(name);
    manifest[name]?.imports?.forEach(visit);
  };
  Object.keys(manifest)
    .filter((name) => ENTRIES.some((entry) => entry.test(name)))
    .forEach(visit);
  const files = [...reached].flatMap((name) => manifest[name]?.file ?? []).filter((file) => file.endsWith('.js'));
  const sources = files.map((file) => readFileSync(join(CLIENT, file)));
  const bytes = sources.reduce((sum, source) => sum + brotliCompressSync(source).length, 0);
  expect(bytes).toBeGreaterThan(LIMIT_BYTES / 4);
  expect(bytes).toBeLessThan(LIMIT_BYTES);
  for (const source of sources) {
    expect(source.includes('ERROR_CEREMONY_ABORTED')).toBe(false);
    expect(source.includes('argon2')).toBe(false);
    expect(source.includes('PC_to_RDR_XfrBlock')).toBe(false);
  }
  const page = readFileSync(PAGE, 'utf8');
  expect(files.filter((file) => !page.includes(`href="/${file}" rel="modulepreload"`))).toEqual([]);
});
