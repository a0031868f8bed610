import type { Environment } from 'vitest/runtime';

/** Node without a DOM, but compiled as browser code, so that `$effect` runs in rune modules. */
export default {
  name: 'client',
  viteEnvironment: 'client',
  setup: () => ({ teardown() {} }),
} satisfies Environment;
