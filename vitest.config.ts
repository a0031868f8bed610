import { defineConfig } from 'vitest/config';

const source = 'webusb-ccid:source';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['tests/{ccid,api,bench,integration,lab}/**/*.test.ts', 'tests/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
        resolve: { conditions: [source] },
        ssr: { resolve: { conditions: [source, 'node', 'module', 'default'] } },
      },
      {
        extends: './vite.config.ts',
        test: { name: 'web', environment: './tests/client-environment.ts', include: ['tests/web/**/*.test.ts'] },
      },
    ],
  },
});
