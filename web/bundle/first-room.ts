import type { Plugin } from 'vite';

/** Where the first room begins: the framework's start, the frame, the page that says what went wrong, reception, Japanese. */
const BEGINNINGS = [
  /[\\/]runtime[\\/]client[\\/]entry\.js$/,
  /[\\/]generated[\\/]client(?:-optimized)?[\\/]app\.js$/,
  /[\\/]generated[\\/]client(?:-optimized)?[\\/]nodes[\\/][012]\.js$/,
  /[\\/]web[\\/]lib[\\/]i18n[\\/]ja\.ts$/,
];

/** The driver of readers and cards: the first room names its errors alone, and loads it when it is drawn. */
const LATER = /[\\/]ccid[\\/](?!errors\.ts$)/;

/** What a module graph tells of a module, as far as it is asked here. */
type ImportsOf = (id: string) => readonly string[];

/** Everything that the first room imports at once, over whatever steps; what it imports when it is needed is not among it. */
export function reachedFromFirstRoom(ids: Iterable<string>, importsOf: ImportsOf): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...ids].filter((id) => BEGINNINGS.some((beginning) => beginning.test(id)));
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id) || LATER.test(id)) continue;
    reached.add(id);
    waiting.push(...importsOf(id));
  }
  return reached;
}

/**
 * Puts what the first room is made of into one chunk: a hundred modules that are all needed at once travel, and are found
 * on the device, as one file.
 */
export function firstRoom() {
  let reached: ReadonlySet<string> = new Set();
  const plugin: Plugin = {
    name: 'first-room',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    buildEnd() {
      reached = reachedFromFirstRoom(this.getModuleIds(), (id) => this.getModuleInfo(id)?.importedIds ?? []);
    },
  };
  return { plugin, chunkOf: (id: string): string | null => (reached.has(id) ? 'first-room' : null) };
}
