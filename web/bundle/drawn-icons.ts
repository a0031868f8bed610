import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import * as z from 'zod';

const FILE = /[\\/]@lucide[\\/]svelte[\\/]dist[\\/]icons[\\/][a-z0-9-]+\.svelte$/;
/** What a file of the set says of its picture, on a line of its own. */
const DATA = /^const iconData = (\{.*\});$/m;
const IconData = z.object({
  size: z.literal(24),
  node: z.array(z.tuple([z.string().regex(/^[a-z]+$/), z.record(z.string().regex(/^[a-z0-9-]+$/i), z.string())])),
});

/** A component that is the picture itself, with the two properties the app sets: `size` in CSS pixels and `strokeWidth`. */
export function drawIcon(source: string): string {
  const [, json] = DATA.exec(source) ?? [];
  if (json === undefined) throw new TypeError('the icon says nothing of its picture');
  const shapes = IconData.parse(JSON.parse(json)).node.map(([tag, attributes]) => {
    const written = Object.entries(attributes).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return `<${[tag, ...written].join(' ')} />`;
  });
  return `<script>let { size = 24, strokeWidth = 2 } = $props();</script>
<svg xmlns="http://www.w3.org/2000/svg" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor"
  stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shapes.join('')}</svg>
`;
}

/**
 * Draws icons while the app is built. The set's own component puts each together from its parts in the browser, which took
 * half of the time in which a room comes up.
 */
export function drawnIcons(): Plugin {
  return {
    name: 'drawn-icons',
    enforce: 'pre',
    apply: 'build',
    load: (id) => (FILE.test(id) ? drawIcon(readFileSync(id, 'utf8')) : null),
  };
}
