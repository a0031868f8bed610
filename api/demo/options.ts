import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_PORT_BASE, NODES } from './nodes.ts';

/** What the command line asks for. */
export type DemoCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly detail: string }
  | { readonly kind: 'start'; readonly dataDirectory: string; readonly portBase: number; readonly isFresh: boolean };

const HIGHEST_PORT_BASE = 65_535 - Math.max(...NODES.map(({ port }) => port));

export const USAGE = `npm start -- [--fresh] [--port-base N] [--data DIR] [--help]

Starts the demonstration network on this machine: two exchanges, a hospital, a clinic and a payer simulator, with made-up
people and simulated cards. Ctrl-C stops it; started again it goes on where it was.

  --fresh         begin anew: deletes the data folder of an earlier start, and nothing else
  --port-base N   first port (${DEFAULT_PORT_BASE}); the servers listen on ${NODES.map(({ port }) => `N+${port}`).join(', ')}
  --data DIR      data folder (data)

この機械の上でデモのネットワーク(中継センター2つ、病院、診療所、保険者の模擬)を動かします。人もカードも架空です。
Ctrl-C で止まり、次に起動すると続きから始まります。--fresh は最初からやり直します。
`;

/** Reads the arguments; the data folder is taken relative to `cwd`. */
export function parseDemoCommand(args: readonly string[], cwd: string): DemoCommand {
  let values: { fresh: boolean; help: boolean; 'port-base': string; data: string };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        'port-base': { type: 'string', default: String(DEFAULT_PORT_BASE) },
        data: { type: 'string', default: 'data' },
      },
    }));
  } catch (error) {
    return { kind: 'wrong', detail: error instanceof Error ? error.message : '' };
  }
  if (values.help) return { kind: 'help' };
  const portBase = /^\d+$/.test(values['port-base']) ? Number(values['port-base']) : NaN;
  if (!(portBase >= 1024 && portBase <= HIGHEST_PORT_BASE)) {
    return { kind: 'wrong', detail: `--port-base is a number from 1024 to ${HIGHEST_PORT_BASE}` };
  }
  return { kind: 'start', dataDirectory: resolve(cwd, values.data), portBase, isFresh: values.fresh };
}
