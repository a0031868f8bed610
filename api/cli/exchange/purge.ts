import { ConfigError } from '../../config/config-error.ts';
import { exchangeCutoffs, gatewayCutoffs } from '../../operations/retention.ts';
import { openExchangeStores, openGatewayStores } from '../../server/open-stores.ts';
import type { Cutoffs, PurgeCounts, RetentionStore } from '../../storage/retention.ts';
import type { CommandContext } from './context.ts';
import { EXIT, type Exit } from './outcome.ts';

/** `purge [--dry-run]`: whether the server runs or not; it does the same by itself once a day. */
export async function purge(context: CommandContext, isDryRun: boolean): Promise<Exit> {
  const { before, counts } = await withRetention(context, isDryRun);
  const lines = Object.entries(counts).map(([name, count]) =>
    context.t.purged(name, count, before[name] ?? null, isDryRun),
  );
  context.tell(lines, { dryRun: isDryRun, before, counts });
  return EXIT.done;
}

interface Purged {
  /** RFC 3339; null keeps everything. */
  readonly before: Readonly<Record<string, string | null>>;
  readonly counts: Readonly<Record<string, number>>;
}

async function withRetention({ file, now, databaseUrl }: CommandContext, isDryRun: boolean): Promise<Purged> {
  const { config } = file;
  const around = { databaseUrl, random: Math.random };
  const at = (path: string) => file.at(path);
  switch (config.role) {
    case 'exchange':
      return run(await openExchangeStores(config, at, around), exchangeCutoffs(config, now()), isDryRun);
    case 'gateway':
      return run(await openGatewayStores(config, at, around), gatewayCutoffs(config, now()), isDryRun);
    case 'payer-simulator':
      throw new ConfigError('config_invalid', 'nothing to keep here');
  }
}

async function run<Class extends string>(
  stores: { readonly retention: RetentionStore<Class>; close(): Promise<void> },
  cutoffs: Cutoffs<Class>,
  isDryRun: boolean,
): Promise<Purged> {
  try {
    const counts: PurgeCounts<Class> = await (isDryRun
      ? stores.retention.countOver(cutoffs)
      : stores.retention.purge(cutoffs));
    const before = Object.entries<Date>(cutoffs).map(([name, date]) => [
      name,
      date.getTime() === 0 ? null : date.toISOString(),
    ]);
    return { before: Object.fromEntries(before) as Purged['before'], counts };
  } finally {
    await stores.close();
  }
}
