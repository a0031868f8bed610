import { resolve } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import type { ExchangeConfig } from '../../config/exchange-config.ts';
import { parseVerifierKey } from '../../contract/evidence/verifier-key.ts';
import { createHttpWitness } from '../../evidence/witness-client.ts';
import { BackupError, makeBackup, restoreBackup, type RestoreOptions } from '../../operations/backup.ts';
import type { CommandContext } from './context.ts';
import { EXIT, type Exit } from './outcome.ts';

/** `backup make DIR`: while the server runs and writes. */
export async function backUp(context: CommandContext, folder: string): Promise<Exit> {
  const { database, owner } = requireEmbedded(context);
  const manifest = await makeBackup(database, resolve(context.cwd, folder), owner, context.now);
  context.tell([`${folder}: ${manifest.sizeBytes} bytes, sha256 ${manifest.sha256}`], manifest);
  return EXIT.done;
}

/** `backup restore DIR [--replace] [--unwitnessed]`: while the server does not run. */
export async function restore(
  context: CommandContext,
  folder: string,
  options: Omit<RestoreOptions, 'witnesses'>,
): Promise<Exit> {
  const { database, owner } = requireEmbedded(context);
  const { config } = context.file;
  if (config.role !== 'payer-simulator' && (await isRunning(context, config.origin))) {
    throw new BackupError('target_in_use', `the server answers at ${config.origin}: stop it first`);
  }
  const witnesses = config.role === 'exchange' ? describeWitnesses(context, config) : [];
  const restored = await restoreBackup(resolve(context.cwd, folder), database, owner, { ...options, witnesses });
  context.tell(
    [`${restored.manifest.at}: ${restored.leaves} leaves; witnesses ${restored.asked}/${witnesses.length}`],
    restored,
  );
  return EXIT.done;
}

const describeWitnesses = ({ fetch }: CommandContext, { witnesses }: ExchangeConfig) =>
  (witnesses?.ask ?? []).map(({ key, prefix }) =>
    createHttpWitness({ prefix, verifier: parseVerifierKey(key), fetch }),
  );

/** @throws {ConfigError} for a database server, which has tools of its own */
function requireEmbedded({ file, self }: CommandContext) {
  const { config } = file;
  if (config.role === 'payer-simulator') throw new ConfigError('config_invalid', 'nothing to keep here');
  if (typeof config.database !== 'string') {
    throw new ConfigError('config_invalid', 'the database is PostgreSQL: use pg_basebackup or pg_dump');
  }
  return { database: file.at(config.database), owner: { role: config.role, self } };
}

async function isRunning({ fetch }: CommandContext, origin: string): Promise<boolean> {
  try {
    await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}
