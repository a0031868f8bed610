import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, defaultClientConditions } from 'vite';

/** Bundles the library with the page that Chromium is to open, as an application would. */
export async function buildPages(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    configFile: false,
    // The library's own: the root's stands on files that building the app writes.
    tsconfig: 'ccid/tsconfig.build.json',
    logLevel: 'warn',
    resolve: { conditions: ['webusb-ccid:source', ...defaultClientConditions] },
    build: {
      outDir: folder,
      emptyOutDir: true,
      minify: true,
      rolldownOptions: {
        input: fileURLToPath(new URL('client/page-client.ts', import.meta.url)),
        output: { entryFileNames: 'page.js' },
      },
    },
  });
  for (const name of ['page.html', 'manifest.webmanifest'])
    copyFileSync(new URL(`client/${name}`, import.meta.url), join(folder, name));
  copyFileSync('static/icon-192.png', join(folder, 'icon-192.png'));
}
