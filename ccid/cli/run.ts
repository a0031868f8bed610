import { CardError } from '../errors.ts';
import { parseCommandLine, USAGE, type CliCommand } from './arguments.ts';
import type { CliBus } from './bus.ts';
import { runApdus } from './commands/apdu.ts';
import { runAtr } from './commands/atr.ts';
import { runDoctor } from './commands/doctor.ts';
import { runList } from './commands/list.ts';
import type { Page } from './page.ts';
import { remedies } from './doctor/remedies.ts';

/** What scripts may rely on. */
export const EXIT_CODES = { done: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The world around the command line. */
export interface CliParts {
  readonly write: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Everything on standard input. */
  readonly readInput: () => Promise<string>;
  readonly openBus: (isSimulated: boolean) => Promise<CliBus>;
  readonly version: string;
  /** Node's name of the operating system. */
  readonly platform: string;
  /** Aborted when the user has had enough. */
  readonly signal?: AbortSignal;
}

/** `webusb-ccid`: readers and cards from the command line. Never rejects for what reader, card or user did. */
export async function runCli(args: readonly string[], parts: CliParts): Promise<ExitCode> {
  const command = parseCommandLine(args);
  switch (command.kind) {
    case 'help':
      parts.write(USAGE);
      return EXIT_CODES.done;
    case 'version':
      parts.write(parts.version);
      return EXIT_CODES.done;
    case 'wrong':
      parts.complain(`${command.reason}; webusb-ccid --help says more`);
      return EXIT_CODES.usage;
    case 'command':
      return runCommand(command, parts);
  }
}

async function runCommand(command: CliCommand & { kind: 'command' }, parts: CliParts): Promise<ExitCode> {
  const page: Page = {
    say: (line) => command.isJson || parts.write(line),
    tell: (object) => command.isJson && parts.write(JSON.stringify(object)),
  };
  let bus: CliBus | undefined;
  try {
    bus = await parts.openBus(command.isSimulated);
    const isGood = await perform(command, bus, page, parts);
    return isGood ? EXIT_CODES.done : EXIT_CODES.failed;
  } catch (error) {
    return complain(error, command.isJson, parts);
  } finally {
    bus?.close();
  }
}

function perform(
  command: CliCommand & { kind: 'command' },
  bus: CliBus,
  page: Page,
  parts: CliParts,
): Promise<boolean> {
  const tooLong = AbortSignal.timeout(command.timeoutMs);
  const signal = parts.signal ? AbortSignal.any([tooLong, parts.signal]) : tooLong;
  switch (command.name) {
    case 'list':
      return runList(bus, page);
    case 'atr':
      return runAtr(bus, command, page, signal);
    case 'apdu':
      return runApdus(bus, command, parts.readInput, page, signal);
    case 'trace':
      return runApdus(bus, { ...command, isTraced: true }, parts.readInput, page, signal);
    case 'doctor':
      return runDoctor(bus, parts.platform, page, signal);
  }
}

function complain(error: unknown, isJson: boolean, parts: CliParts): ExitCode {
  if (error instanceof RangeError) {
    parts.complain(error.message);
    return EXIT_CODES.usage;
  }
  if (!(error instanceof CardError)) throw error;
  if (isJson) parts.write(JSON.stringify({ kind: 'failure', code: error.code, message: error.message }));
  parts.complain(error.message);
  for (const line of remedies(error.code, { platform: parts.platform })) parts.complain(`  ${line}`);
  return EXIT_CODES.failed;
}
