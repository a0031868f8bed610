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

/** The list of rooms and the app's hook stay in the framework's entry: whoever shared a chunk with them would seem to need every room. */
const ENTRY = [/[\\/]generated[\\/](?:root\.|[^\\/]+[\\/](?:app|matchers)\.js$)/, /[\\/]web[\\/]hooks\.client\.ts$/];

/** What the entry needs: the first to run. */
const FRAMEWORK = /[\\/]node_modules[\\/](?:svelte|@sveltejs|esm-env|clsx|devalue|zod)[\\/]/;

/** What the app is without its screens: the shapes of what proves somebody, those of what else travels and is kept, the rest. */
const PROOFS = /[\\/]api[\\/]contract[\\/](?:person|presence-proof)\.ts$/;
const CONTRACT = /[\\/]api[\\/]contract[\\/]/;
const APP = /[\\/]web[\\/]lib[\\/]app[\\/]create-app\.ts$/;

/** What a module graph tells of a module, as far as it is asked here. */
type ImportsOf = (id: string) => readonly string[];

/**
 * A part of the first room, in the order in which `web/hooks.client.ts` has them run: each in a task of its own, and
 * between them the window answers.
 */
export type FirstPart = 'framework' | 'proofs' | 'contract' | 'app' | 'first-room';

function reach(from: readonly string[], importsOf: ImportsOf): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id) || LATER.test(id)) continue;
    reached.add(id);
    waiting.push(...importsOf(id));
  }
  return reached;
}

/**
 * Everything that the first room imports at once, over whatever steps, and the part it belongs to; what it imports when it
 * is needed is not among it.
 */
export function partsOfFirstRoom(ids: Iterable<string>, importsOf: ImportsOf): ReadonlyMap<string, FirstPart> {
  const all = [...ids];
  const reachedFrom = (from: readonly string[], ...beginnings: readonly RegExp[]) =>
    reach(
      from.filter((id) => beginnings.some((beginning) => beginning.test(id))),
      importsOf,
    );
  const app = [...reachedFrom(all, APP)];
  const contract = reachedFrom(app, CONTRACT);
  const proofs = reachedFrom(app, PROOFS);
  const room = reachedFrom(all, ...BEGINNINGS);
  const partOf = (id: string): FirstPart => {
    if (FRAMEWORK.test(id)) return 'framework';
    if (proofs.has(id)) return 'proofs';
    if (contract.has(id)) return 'contract';
    return app.includes(id) ? 'app' : 'first-room';
  };
  const isEntry = (id: string) => ENTRY.some((entry) => entry.test(id));
  return new Map([...room].filter((id) => !isEntry(id)).map((id) => [id, partOf(id)]));
}

/**
 * Puts what the first room is made of into a few chunks: hundreds of modules that are all needed at once travel, and are
 * found on the device, as three files.
 */
export function firstRoom() {
  let parts: ReadonlyMap<string, FirstPart> = new Map();
  const plugin: Plugin = {
    name: 'first-room',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    buildEnd() {
      parts = partsOfFirstRoom(this.getModuleIds(), (id) => this.getModuleInfo(id)?.importedIds ?? []);
    },
  };
  const chunkOf = (part: FirstPart) => (id: string) => (parts.get(id) === part ? part : null);
  return { plugin, chunkOf };
}
