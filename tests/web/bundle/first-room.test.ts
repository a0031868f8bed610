import { expect, it } from 'vitest';
import { partsOfFirstRoom } from '../../../web/bundle/first-room.ts';

const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  '/app/.svelte-kit/generated/client-optimized/app.js': ['/app/web/hooks.client.ts'],
  '/app/web/hooks.client.ts': ['/app/node_modules/zod/index.js'],
  '/app/.svelte-kit/generated/client-optimized/nodes/0.js': ['/app/web/routes/+layout.svelte'],
  '/app/.svelte-kit/generated/client-optimized/nodes/9.js': ['/app/web/routes/settings/+page.svelte'],
  '/app/web/lib/i18n/ja.ts': ['/app/web/lib/i18n/ja/words.ts'],
  // Two that import each other, and the driver behind its list.
  '/app/web/routes/+layout.svelte': ['/app/web/lib/a.ts', '/app/web/lib/app/create-app.ts'],
  '/app/web/lib/app/create-app.ts': ['/app/api/contract/visits-api.ts'],
  '/app/api/contract/visits-api.ts': ['/app/api/contract/person.ts'],
  '/app/api/contract/person.ts': ['/app/api/contract/ids.ts'],
  '/app/api/contract/ids.ts': ['/app/node_modules/zod/index.js'],
  '/app/node_modules/zod/index.js': [],
  '/app/web/lib/a.ts': ['/app/web/lib/b.ts', '/app/ccid/index.ts', '/app/ccid/errors.ts'],
  '/app/web/lib/b.ts': ['/app/web/lib/a.ts'],
  '/app/ccid/index.ts': ['/app/ccid/errors.ts', '/app/ccid/readers/ccid-reader.ts'],
};

it('gathers what the first room imports, over circles, and neither other rooms nor the card driver', () => {
  const parts = partsOfFirstRoom(Object.keys(IMPORTS), (id) => IMPORTS[id] ?? []);
  expect(Object.fromEntries(parts)).toEqual({
    '/app/.svelte-kit/generated/client-optimized/nodes/0.js': 'first-room',
    '/app/ccid/errors.ts': 'first-room',
    '/app/web/lib/a.ts': 'first-room',
    '/app/web/lib/b.ts': 'first-room',
    '/app/web/lib/i18n/ja.ts': 'first-room',
    '/app/web/lib/i18n/ja/words.ts': 'first-room',
    '/app/web/routes/+layout.svelte': 'first-room',
    '/app/web/lib/app/create-app.ts': 'app',
    '/app/api/contract/visits-api.ts': 'contract',
    '/app/api/contract/person.ts': 'proofs',
    '/app/api/contract/ids.ts': 'proofs',
    '/app/node_modules/zod/index.js': 'framework',
  });
});
