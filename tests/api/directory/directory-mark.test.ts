import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { createDirectoryMark, DIRECTORY_MARK_HEADER, watchDirectoryMark } from '#api/directory/directory-mark.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import { createParties, describe as contentOf, NOW } from '../parties/parties.ts';

it('tells of other directories once', async () => {
  const { east, west } = await createParties();
  const viewOf = (...serials: readonly number[]) =>
    createDirectoryView(
      [east, west].slice(0, serials.length).map((one, i) => contentOf(one, [], { serial: serials[i]! })),
      () => NOW,
    );
  let view = viewOf(1);
  const app = new Hono();
  app.use(
    '/api/*',
    createDirectoryMark(() => view),
  );
  app.get('/api/x', (context) => context.text('x'));
  let changes = 0;
  const fetch = watchDirectoryMark(
    async (url) => app.request(url),
    () => (changes += 1),
  );
  const ask = async () => (await fetch('http://east.example/api/x', {})).headers.get(DIRECTORY_MARK_HEADER);
  const first = await ask();
  expect(await ask()).toBe(first);
  expect(changes).toBe(0);
  view = viewOf(1, 7);
  expect(await ask()).not.toBe(first);
  await ask();
  expect(changes).toBe(1);
  view = viewOf(2, 7);
  await ask();
  expect(changes).toBe(2);
});
