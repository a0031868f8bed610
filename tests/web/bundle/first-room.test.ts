import { expect, it } from 'vitest';
import { reachedFromFirstRoom } from '../../../web/bundle/first-room.ts';

const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  '/app/.svelte-kit/generated/client-optimized/nodes/0.js': ['/app/web/routes/+layout.svelte'],
  '/app/.svelte-kit/generated/client-optimized/nodes/9.js': ['/app/web/routes/settings/+page.svelte'],
  '/app/web/lib/i18n/ja.ts': ['/app/web/lib/i18n/ja/words.ts'],
  // Two that import each other, and the driver behind its list.
  '/app/web/routes/+layout.svelte': ['/app/web/lib/a.ts'],
  '/app/web/lib/a.ts': ['/app/web/lib/b.ts', '/app/ccid/index.ts', '/app/ccid/errors.ts'],
  '/app/web/lib/b.ts': ['/app/web/lib/a.ts'],
  '/app/ccid/index.ts': ['/app/ccid/errors.ts', '/app/ccid/readers/ccid-reader.ts'],
};

it('gathers what the first room imports, over circles, and neither other rooms nor the card driver', () => {
  const reached = reachedFromFirstRoom(Object.keys(IMPORTS), (id) => IMPORTS[id] ?? []);
  expect([...reached].sort()).toEqual([
    '/app/.svelte-kit/generated/client-optimized/nodes/0.js',
    '/app/ccid/errors.ts',
    '/app/web/lib/a.ts',
    '/app/web/lib/b.ts',
    '/app/web/lib/i18n/ja.ts',
    '/app/web/lib/i18n/ja/words.ts',
    '/app/web/routes/+layout.svelte',
  ]);
});
