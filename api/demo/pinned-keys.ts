import { describeTrust } from '../contract/evidence/describe-trust.ts';
import type { ReceiptTrust } from '../contract/evidence/trust.ts';
import type { NodeConfig, NodeName } from './nodes.ts';

/** What a verifier of the demonstration's receipts pins: each exchange's keys, and who watches its log. */
export function describePinnedKeys(configs: Readonly<Record<NodeName, NodeConfig>>): Promise<ReceiptTrust> {
  const nodes = Object.values(configs);
  const watched = new Map(
    nodes.flatMap((config) => (config.role === 'exchange' ? [[config.id, config.witnesses] as const] : [])),
  );
  const exchanges = nodes.flatMap((config) => {
    if (config.role !== 'gateway') return [];
    const { id, signingKeys, logKeys } = config.exchange;
    const witnesses = watched.get(id);
    return [
      {
        ...{ signingKeys, logKeys },
        ...(witnesses && {
          witnesses: { threshold: witnesses.threshold, keys: witnesses.ask.map(({ key }) => key) },
        }),
      },
    ];
  });
  return describeTrust(exchanges);
}
