import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import type { ExchangeConfig } from '../../config/exchange-config.ts';
import type { GatewayConfig } from '../../config/gateway-config.ts';
import type { SigningKey } from '../../contract/jose.ts';
import { operatorIssuer } from '../../contract/operator-api.ts';
import { createExchangeClient, type ExchangeClient, type Fetch } from '../../http/exchange-client.ts';
import { readSigningKey } from '../../server/key-files.ts';
import type { Language } from '../arguments.ts';
import { openConfigFile, type ConfigFile } from './config-file.ts';
import { SENTENCES, type ExchangeSentences } from './sentences.ts';

/** The world around the command. */
export interface CommandWorld {
  readonly cwd: string;
  readonly write: (line: string) => void;
  /** Asks the person in front; undefined when there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly fetch: Fetch;
  readonly now: () => Date;
  /** Where PostgreSQL is, for configurations that leave it out. */
  readonly databaseUrl?: string | undefined;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly config?: string | undefined;
  readonly node?: string | undefined;
  readonly data: string;
  readonly operator?: string | undefined;
  readonly key?: string | undefined;
  readonly json: boolean;
  readonly language: Language;
}

/** What a command works with. */
export interface CommandContext extends CommandWorld {
  readonly file: ConfigFile;
  readonly t: ExchangeSentences;
  readonly isJson: boolean;
  /** Who gives the command, to the server that runs; nobody when no key was found. */
  readonly operator: { readonly name: string; readonly key: SigningKey; readonly client: ExchangeClient } | undefined;
  /** The server's own id: of an exchange or an institution. */
  readonly self: string;
  /** Prints sentences, or the JSON alone with `--json`. */
  tell(lines: readonly string[], json: object): void;
}

/** The key of the demonstration's operator, beside its configurations. */
const DEMO_KEY = '../keys/operator-signing.json';

/** @throws {ConfigError} */
export async function openContext(options: CommonOptions, world: CommandWorld): Promise<CommandContext> {
  const path = resolve(world.cwd, options.config ?? join(options.data, 'config', `${options.node ?? 'east'}.json`));
  const file = await openConfigFile(path);
  const { config } = file;
  if (config.role === 'payer-simulator') throw new ConfigError('config_invalid', `${path} is of a payer simulator`);
  const self = selfOf(config);
  const t = SENTENCES[options.language];
  return {
    ...world,
    ...{ file, t, self, isJson: options.json },
    operator: await findOperator(options, { path, config, self }, world),
    tell(lines, json) {
      if (options.json) world.write(JSON.stringify(json, null, 2));
      else lines.forEach(world.write);
    },
  };
}

export const selfOf = (config: ExchangeConfig | GatewayConfig): string =>
  config.role === 'exchange' ? config.id : config.institution.id;

async function findOperator(
  options: CommonOptions,
  {
    path,
    config,
    self,
  }: { readonly path: string; readonly config: ExchangeConfig | GatewayConfig; readonly self: string },
  { cwd, fetch, now }: CommandWorld,
): Promise<CommandContext['operator']> {
  const demoKey = join(dirname(path), DEMO_KEY);
  const keyPath =
    options.key === undefined ? ((await exists(demoKey)) ? demoKey : undefined) : resolve(cwd, options.key);
  const name = options.operator ?? config.operators[0]?.name;
  if (keyPath === undefined || name === undefined) return undefined;
  const key = await readSigningKey(keyPath);
  const call = { origin: config.origin, self: operatorIssuer(name), exchange: self, key, fetch, now };
  return { name, key, client: createExchangeClient(call) };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** @throws {ConfigError} for another server than an exchange */
export function requireExchange({ file }: CommandContext): ExchangeConfig {
  if (file.config.role === 'exchange') return file.config;
  throw new ConfigError('config_invalid', `${file.path} is not of an exchange`);
}
