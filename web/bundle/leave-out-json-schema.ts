import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

const WRITERS = /[\\/]zod[\\/]v4[\\/]core[\\/](?:json-schema-processors|to-json-schema)\.js$/;

/**
 * Leaves zod's writers of JSON Schema out of the app. Every schema names them, so that no bundler can see that nobody
 * asks for one in a browser; the server, which describes its API with them, has them all. Asking for one throws.
 */
export function leaveOutJsonSchema(): Plugin {
  return {
    name: 'leave-out-json-schema',
    enforce: 'pre',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    async load(id) {
      if (!WRITERS.test(id)) return null;
      const source = await readFile(id, 'utf8');
      const names = [
        ...[...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name),
        ...[...source.matchAll(/^export \{ \w+ as (\w+) \}/gm)].map(([, name]) => name),
      ];
      const parts = names.map((name, i) => `const part${i} = absent; export { part${i} as ${name} };`);
      return `const absent = () => { throw new TypeError('the app is built without JSON Schema'); };\n${parts.join('\n')}`;
    },
  };
}
