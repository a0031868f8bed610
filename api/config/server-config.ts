import * as z from 'zod';
import { ConfigError } from './config-error.ts';
import { ExchangeConfig } from './exchange-config.ts';
import { GatewayConfig } from './gateway-config.ts';
import { Listen, Origin, Path } from './shared-members.ts';

/** Answers as the payers' qualification platform would, for a synthetic world. Never in production. */
export const PayerSimulatorConfig = z
  .strictObject({ role: z.literal('payer-simulator'), listen: Listen, origin: Origin, world: Path })
  .readonly();
export type PayerSimulatorConfig = z.infer<typeof PayerSimulatorConfig>;

/** The configuration of one server: one file, one role. */
export const ServerConfig = z.discriminatedUnion('role', [ExchangeConfig, GatewayConfig, PayerSimulatorConfig]);
export type ServerConfig = z.infer<typeof ServerConfig>;

/** Reads a configuration file's text. @throws {ConfigError} `config_invalid` names every member that does not fit */
export function parseConfig(text: string): ServerConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError('config_invalid', 'the configuration is not JSON', { cause });
  }
  const parsed = ServerConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ConfigError('config_invalid', `the configuration does not fit:\n${z.prettifyError(parsed.error)}`);
}
