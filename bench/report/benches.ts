import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** An option of one bench: a positive whole number, or one of some words. */
export interface BenchOption {
  readonly about: string;
  /** Taken when the option is left out; without one nothing is. */
  readonly default?: string;
  readonly oneOf?: readonly string[];
}

/** What a bench measures, in a sentence, and its own options beside `--json` and `--help`. */
export interface Bench {
  readonly about: string;
  readonly options?: Readonly<Record<string, BenchOption>>;
}

/** Every bench by the name of its file. */
export const BENCHES = {
  app: { about: 'The compressed JavaScript of the first load, and a card laid down to its coverage on the screen.' },
  ccid: { about: 'What the driver adds to its bare transfers, by exchange level: transfers and processor time.' },
  evidence: {
    about: 'Visits a second, verified, durable and receipted; what a leaf costs as the log grows; sizes of receipts.',
    options: {
      seconds: { about: 'of each cell', default: '5' },
      leaves: { about: 'of the largest log', default: '10000000' },
      only: { about: 'a part; all three when left out', oneOf: ['load', 'growth', 'receipt'] },
    },
  },
  'evidence-browser': {
    about: 'How long a receipt takes to verify in Chromium, and the size of the code that does it.',
  },
  exchange: {
    about:
      'Messages through one exchange: a second, p99, beside a bare table and the cryptography alone; 200 networks.',
    options: {
      messages: { about: 'of each turn', default: '2000' },
      turns: { about: 'of each of the three, one after the other', default: '3' },
    },
  },
  lighthouse: {
    about: "Lighthouse's word on the first room of a gateway, desktop and phone. Fetches it for the run.",
    options: { turns: { about: 'on each device; the median is reported', default: '5' } },
  },
  list: { about: 'A hundred thousand visits scrolled, walked by keyboard and searched: the slowest interaction.' },
  start: { about: 'Reception ready without a network, beside an empty page that starts the same way.' },
  tap: { about: 'Commands, bytes and time of a tap, beside what OpenSC sends for its nearest job.' },
} as const satisfies Readonly<Record<string, Bench>>;

/**
 * Reads a bench's own options, with what stands for those left out.
 *
 * @throws {TypeError} for an option that it does not have, or a value that does not fit
 */
export function readBenchOptions({ options = {} }: Bench, args: readonly string[]): Readonly<Record<string, string>> {
  const own = Object.entries(options);
  const known: ParseArgsOptionsConfig = Object.fromEntries(own.map(([name]) => [name, { type: 'string' }]));
  known['json'] = { type: 'boolean' };
  const { values } = parseArgs({ args: [...args], options: known });
  const read: Record<string, string> = {};
  for (const [name, { oneOf, default: usual }] of own) {
    const value = values[name] ?? usual;
    if (typeof value !== 'string') continue;
    const fits = oneOf ? oneOf.includes(value) : /^[1-9]\d{0,8}$/.test(value);
    if (!fits) throw new TypeError(`--${name} is ${oneOf ? `one of ${oneOf.join(', ')}` : 'a positive whole number'}`);
    read[name] = value;
  }
  return read;
}

/** How a bench is called, and what each of its options means. */
export function describeBench(name: string, { about, options = {} }: Bench): string {
  const own = Object.entries(options);
  const words = own.map(([option, { oneOf }]) => `[--${option} ${oneOf?.join('|') ?? 'N'}]`);
  const width = Math.max('--json'.length, ...own.map(([option]) => option.length + 2));
  const lines = own.map(
    ([option, { about: meaning, default: usual }]) =>
      `  ${`--${option}`.padEnd(width)}  ${meaning}${usual === undefined ? '' : ` (${usual})`}`,
  );
  return [
    `npm run bench -- ${[name, ...words, '[--json]'].join(' ')}`,
    `\n${about}\n`,
    ...lines,
    `  ${'--json'.padEnd(width)}  one object a line: name, value, unit, and where there is one limit and ratio = value/limit`,
  ].join('\n');
}
