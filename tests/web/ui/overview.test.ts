import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Those that show themselves through another component, or through the shell. */
const THROUGH: Readonly<Record<string, string>> = {
  Field: 'TextField',
  VirtualRows: 'LongList',
  ToastStack: 'toasts',
};

it('shows every component on the overview page', () => {
  const page = readFileSync('web/routes/components/+page.svelte', 'utf8');
  const components = readdirSync('web/lib/ui').flatMap((file) => /^(\w+)\.svelte$/.exec(file)?.[1] ?? []);
  const missing = components.filter((name) => !new RegExp(`\\b${THROUGH[name] ?? name}\\b`).test(page));
  expect(components.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});
