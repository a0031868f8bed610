import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import { EcPublicJwk } from '../../contract/ec-public-jwk.ts';
import { fingerprintOf } from '../../contract/fingerprint.ts';
import { createSigningJwk, publicPart, type JWK } from '../../contract/jose.ts';
import { createOperatorLink } from '../../contract/operator-link.ts';
import type { CommandContext } from './context.ts';
import { conclude, EXIT, type Exit } from './outcome.ts';

const LINK_MINUTES = 10;

/** `operator link`: an address that opens the operator's screen in a browser, once, within ten minutes. */
export async function makeLink(context: CommandContext): Promise<Exit> {
  const { file, operator, self, now } = context;
  const { config } = file;
  if (!operator || config.role === 'payer-simulator') {
    throw new ConfigError('key_unreadable', "no operator's key: name it with --key, and the operator with --operator");
  }
  const expires = new Date(now().getTime() + LINK_MINUTES * 60_000);
  const { name, key } = operator;
  const link = await createOperatorLink({ operator: name, key, server: self, origin: config.origin, expires });
  context.tell([link], { link, expires: expires.toISOString() });
  return EXIT.done;
}

/** `operator add NAME KEY.json`: lets in whoever holds the key; makes the key when the file does not exist. */
export async function addOperator(context: CommandContext, name: string, keyPath: string): Promise<Exit> {
  const { file, cwd } = context;
  const { config } = file;
  if (config.role === 'payer-simulator') return EXIT.failed;
  const key = EcPublicJwk.parse(publicPart(await readOrMake(resolve(cwd, keyPath))));
  const operators = [...config.operators.filter((one) => one.name !== name), { name, key }];
  const changed = await file.change({ operators });
  return conclude(context, changed, [context.t.added(name), `  ${await fingerprintOf(key)}`], { operator: name });
}

/** `operator remove NAME` */
export async function removeOperator(context: CommandContext, name: string): Promise<Exit> {
  const { config } = context.file;
  if (config.role === 'payer-simulator') return EXIT.failed;
  const operators = config.operators.filter((one) => one.name !== name);
  if (operators.length === config.operators.length) {
    context.tell([context.t.unknown(name)], { unknown: name });
    return EXIT.failed;
  }
  return conclude(context, await context.file.change({ operators }), [context.t.removed(name)], { operator: name });
}

async function readOrMake(path: string): Promise<JWK> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JWK;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) throw new ConfigError('key_unreadable', `${path} cannot be read as a key`, { cause: error });
  }
  const made = await createSigningJwk();
  await writeFile(path, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
  return made;
}
