import { parseArgs } from 'node:util';

export const COMMANDS = ['list', 'atr', 'apdu', 'trace', 'doctor'] as const;
export type CommandName = (typeof COMMANDS)[number];

/** What somebody typed behind `webusb-ccid`. */
export type CliCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly reason: string }
  | {
      readonly kind: 'command';
      readonly name: CommandName;
      /** What follows the command: APDUs in hexadecimal. */
      readonly rest: readonly string[];
      /** A number in the list, or a part of name or id; the first reader that works when left out. */
      readonly reader: string | undefined;
      readonly isSimulated: boolean;
      readonly isJson: boolean;
      /** Wait for a card when there is none. */
      readonly waits: boolean;
      /** Longest waiting for everything together, milliseconds. */
      readonly timeoutMs: number;
    };

/** A day; timers hold no more than some weeks. */
const TIMEOUT_SECONDS_MAX = 86_400;

export const USAGE = `webusb-ccid COMMAND [options]

  list           the readers on this machine, with what their descriptors say, in words
  atr            switches a card on and explains its answer to reset
  apdu HEX…      sends command APDUs to a card and prints what it answers; "-" reads them from standard input
  trace [HEX…]   the same, with every message between driver and reader; PINs are left out
  doctor         finds out why a reader or its card cannot be reached, and says what to do

  --reader TEXT  which reader: its number in the list, or a part of its name or id
  --wait         waits for a card
  --timeout S    gives up after this many seconds; 60 when left out
  --simulated    works on simulated readers and cards instead of the machine's own
  --json         prints one JSON object a line
  --help, --version

Ends with 0 when done, 1 when reader or card failed or a card refused a command, 2 when the command line is wrong.
Needs node-usb beside it, except with --simulated: npm install webusb-ccid usb, or without installing
npx --package=webusb-ccid --package=usb webusb-ccid COMMAND`;

/** Never throws: what cannot be understood is a command of its own. */
export function parseCommandLine(args: readonly string[]): CliCommand {
  try {
    return understand(args);
  } catch (error) {
    // parseArgs says with a TypeError what it does not know.
    if (error instanceof TypeError) return { kind: 'wrong', reason: error.message.replace(/\.?(\n.*)?$/s, '') };
    throw error;
  }
}

function understand(args: readonly string[]): CliCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      reader: { type: 'string' },
      wait: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '60' },
      simulated: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [first, ...rest] = positionals;
  const name = COMMANDS.find((known) => known === first);
  if (!name) return { kind: 'wrong', reason: first === undefined ? 'no command' : `no command "${first}"` };
  const seconds = Number(values.timeout);
  if (!(seconds > 0 && seconds <= TIMEOUT_SECONDS_MAX))
    return { kind: 'wrong', reason: `--timeout is a number of seconds, at most ${TIMEOUT_SECONDS_MAX}` };
  if (name === 'apdu' && rest.length === 0) return { kind: 'wrong', reason: 'apdu needs a command in hexadecimal' };
  if (rest.length > 0 && name !== 'apdu' && name !== 'trace')
    return { kind: 'wrong', reason: `${name} takes nothing behind it` };
  return {
    kind: 'command',
    name,
    rest,
    reader: values.reader,
    isSimulated: values.simulated,
    isJson: values.json,
    waits: values.wait,
    timeoutMs: seconds * 1000,
  };
}
