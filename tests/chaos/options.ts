import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly messages: number;
  readonly seed: number;
  readonly store: 'sqlite' | 'postgres';
  /** API processes of each exchange. More than one only with PostgreSQL. */
  readonly processes: number;
  /** Keeps the folder with databases and logs. */
  readonly keep: boolean;
}

export const USAGE = `npm run chaos -- [--messages N] [--seed S] [--store sqlite|postgres] [--processes P] [--keep]

Sends N messages between three gateways over two exchanges, all real processes, while they are killed at random instants,
their connections cut, deliveries doubled and reordered, disks filled and clocks moved. Then a checker reads the databases
of both ends: every message was delivered exactly once, or was reported as expired or refused and never delivered.

  --messages   1000 when left out
  --seed       plans the troubles; random when left out, and printed
  --store      where exchanges and gateways keep things; sqlite when left out
  --processes  API processes of each exchange, sharing one database; 1, with postgres 3 when left out
  --keep       leaves databases and logs for a look

Ends with a line that begins with HELD or BROKEN; exit code 0 or 1.`;

/** @throws {TypeError} for options that do not fit */
export function readOptions(args: readonly string[]): ChaosOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ messages: { type: 'string' }, seed: { type: 'string' }, store: { type: 'string' } },
      ...{ processes: { type: 'string' }, keep: { type: 'boolean' }, help: { type: 'boolean' } },
    },
  });
  if (values.help) return 'help';
  const store = values.store ?? 'sqlite';
  if (store !== 'sqlite' && store !== 'postgres') throw new TypeError('--store is sqlite or postgres');
  const processes = readCount('processes', values.processes) ?? (store === 'postgres' ? 3 : 1);
  if (processes > 1 && store === 'sqlite') throw new TypeError('several processes need --store postgres');
  return {
    ...{ store, processes, keep: values.keep === true },
    messages: readCount('messages', values.messages) ?? 1000,
    seed: readCount('seed', values.seed) ?? Math.floor(Math.random() * 1_000_000),
  };
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new TypeError(`--${name} is a positive whole number`);
  return Number(text);
}
