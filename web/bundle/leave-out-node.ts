import type { Plugin } from 'vite';

/** What each module of `api/contract` that speaks to Node alone is to a browser: absent, as its callers expect it may be. */
const ABSENT: readonly (readonly [RegExp, string])[] = [
  [
    /[\\/]api[\\/]contract[\\/]node-runtime\.ts$/,
    'export const nodeCrypto = undefined;\nexport const nodeBytes = undefined;\n',
  ],
  [/[\\/]api[\\/]contract[\\/]native-jws\.ts$/, 'export const nativeJws = undefined;\n'],
  [/[\\/]api[\\/]contract[\\/]native-jwe\.ts$/, 'export const nativeJwe = undefined;\n'],
  [/[\\/]api[\\/]contract[\\/]native-keys\.ts$/, 'export const adoptPrivateKey = () => {};\n'],
];

/** Leaves Node's cryptography out of the app: it finds out only in a browser that there is none, and no bundler before. */
export function leaveOutNode(): Plugin {
  return {
    name: 'leave-out-node',
    enforce: 'pre',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    load: (id) => ABSENT.find(([path]) => path.test(id))?.[1] ?? null,
  };
}
