import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ConfigError } from '../../config/config-error.ts';
import { Problem } from '../../contract/problem.ts';
import { BackupError } from '../../operations/backup.ts';
import { LANGUAGES, type Language } from '../arguments.ts';
import { backUp, restore } from './backups.ts';
import { openContext, type CommandContext, type CommandWorld } from './context.ts';
import { showDirectory } from './directory.ts';
import { retireKeys, rotateKey, showKeys } from './keys.ts';
import { addInstitution, addNetwork, changeAccess, listAccess, removeMember } from './members.ts';
import { addOperator, makeLink, removeOperator } from './operators.ts';
import { EXIT, type Exit } from './outcome.ts';
import { purge } from './purge.ts';
import { addPeer, listPeers, removePeer, testPeers } from './peers.ts';
import { USAGE } from './usage.ts';

const OPTIONS = {
  config: { type: 'string' },
  node: { type: 'string' },
  data: { type: 'string', default: 'data' },
  operator: { type: 'string' },
  key: { type: 'string' },
  fingerprint: { type: 'string' },
  ja: { type: 'string' },
  en: { type: 'string' },
  json: { type: 'boolean', default: false },
  replace: { type: 'boolean', default: false },
  unwitnessed: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

interface Values {
  readonly fingerprint?: string | undefined;
  readonly ja?: string | undefined;
  readonly en?: string | undefined;
  readonly replace: boolean;
  readonly unwitnessed: boolean;
  readonly 'dry-run': boolean;
}

type Run = (context: CommandContext, args: readonly string[], values: Values) => Exit | Promise<Exit>;

/** What a command needs on its line, and what it does. */
interface Command {
  /** Numbers of words after the command's own. */
  readonly words: readonly number[];
  readonly run: Run;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  'peer add': { words: [1], run: (context, [origin = ''], { fingerprint }) => addPeer(context, origin, fingerprint) },
  'peer list': { words: [0], run: listPeers },
  'peer test': { words: [0, 1], run: (context, [id]) => testPeers(context, id) },
  'peer remove': { words: [1], run: (context, [id = '']) => removePeer(context, id) },
  'network add': {
    words: [1],
    run: (context, [id = ''], { ja, en }) => addNetwork(context, id, { ja: ja ?? en ?? id, en: en ?? ja ?? id }),
  },
  'network remove': { words: [1], run: (context, [id = '']) => removeMember(context, 'network', id) },
  'institution add': { words: [1], run: (context, [card = '']) => addInstitution(context, card) },
  'institution remove': { words: [1], run: (context, [id = '']) => removeMember(context, 'institution', id) },
  'access list': { words: [0], run: listAccess },
  'access allow': { words: [3], run: (context, rule) => changeAccess(context, 'allow', threeOf(rule)) },
  'access deny': { words: [3], run: (context, rule) => changeAccess(context, 'deny', threeOf(rule)) },
  'directory show': { words: [0], run: showDirectory },
  'key show': { words: [0], run: showKeys },
  'key rotate': { words: [1], run: (context, [which = '']) => rotateKey(context, which) },
  'key retire': { words: [0], run: retireKeys },
  'backup make': { words: [1], run: (context, [folder = '']) => backUp(context, folder) },
  'backup restore': {
    words: [1],
    run: (context, [folder = ''], { replace, unwitnessed }) =>
      restore(context, folder, { replaces: replace, isUnwitnessed: unwitnessed }),
  },
  purge: { words: [0], run: (context, _words, values) => purge(context, values['dry-run']) },
  'operator link': { words: [0], run: makeLink },
  'operator add': { words: [2], run: (context, [name = '', path = '']) => addOperator(context, name, path) },
  'operator remove': { words: [1], run: (context, [name = '']) => removeOperator(context, name) },
};

const threeOf = ([service = '', from = '', to = '']: readonly string[]) => [service, from, to] as const;

/** `npm run exchange`: see `usage.ts`. Resolves with the exit code; what went wrong has been written. */
export async function runExchange(
  args: readonly string[],
  world: CommandWorld & { readonly locale: string },
): Promise<Exit> {
  const parsed = parse(args, world.locale);
  if (parsed === undefined || parsed.values.help) {
    world.write(USAGE);
    return parsed ? EXIT.done : EXIT.usage;
  }
  const { command, rest, values, language } = parsed;
  try {
    return await command.run(await openContext({ ...values, language }, world), rest, values);
  } catch (error) {
    if (
      error instanceof ConfigError ||
      error instanceof BackupError ||
      error instanceof Problem ||
      error instanceof RangeError ||
      isOfTheSystem(error)
    ) {
      world.write(error.message);
      return EXIT.failed;
    }
    throw error;
  }
}

/** A file or a folder that the system does not give: its message names both. */
const isOfTheSystem = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;

function parse(args: readonly string[], locale: string) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
    const [noun = '', verb = '', ...rest] = positionals;
    const command = COMMANDS[`${noun} ${verb}`.trim()];
    const language: Language | undefined = LANGUAGES.find(
      (known) => known === (values.lang ?? (locale.startsWith('ja') ? 'ja' : 'en')),
    );
    if (values.help)
      return { command: { words: [], run: () => EXIT.done } satisfies Command, rest, values, language: 'en' as const };
    if (!command?.words.includes(rest.length) || !language) return undefined;
    return { command, rest, values, language };
  } catch {
    // parseArgs throws for options it does not know.
    return undefined;
  }
}
