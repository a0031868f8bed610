import { expect, it } from 'vitest';
import { Pages } from '#lib/sharing/pages.svelte.ts';

/** A server with so many items, newest first, `size` on a page. */
function serve(items: string[], size: number) {
  const asked: (string | undefined)[] = [];
  const pages = new Pages<string>(
    (after) => {
      asked.push(after);
      const from = after === undefined ? 0 : items.indexOf(after) + 1;
      const page = items.slice(from, from + size);
      return Promise.resolve({ items: page, next: from + size < items.length ? (page.at(-1) ?? null) : null });
    },
    (item) => item,
  );
  return { pages, asked, fetch: () => pages.fetch(new AbortController().signal) };
}

it('begins with one page of ten thousand and goes back by a page at a wish', async () => {
  const { pages, asked, fetch } = serve(
    Array.from({ length: 10_000 }, (_, index) => `r${index}`),
    100,
  );
  expect(await fetch()).toHaveLength(100);
  expect([asked, pages.hasEarlier]).toEqual([[undefined], true]);
  pages.wishEarlier();
  expect((await fetch()).at(-1)).toBe('r199');
  expect(asked).toEqual([undefined, undefined, 'r99']);
});

it('stops at the end, and wishes for nothing that is not there', async () => {
  const { pages, asked, fetch } = serve(['c', 'b', 'a'], 2);
  await fetch();
  pages.wishEarlier();
  expect(await fetch()).toEqual(['c', 'b', 'a']);
  expect(pages.hasEarlier).toBe(false);
  pages.wishEarlier();
  expect(pages.count).toBe(2);
  expect(asked).toHaveLength(3);
});

it('shows once what moved to the next page between two questions', async () => {
  const items = ['c', 'b', 'a'];
  const { pages, fetch } = serve(items, 2);
  await fetch();
  pages.wishEarlier();
  const fetching = fetch();
  items.unshift('d');
  expect(await fetching).toEqual(['c', 'b', 'a']);
});
