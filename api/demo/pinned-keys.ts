import { describeTrust } from '../contract/evidence/describe-trust.ts';
import type { ReceiptTrust } from '../contract/evidence/trust.ts';
import type { NodeConfig, NodeName } from './nodes.ts';

/** What a verifier of the demonstration's receipts pins: what each gateway was told of its exchange. */
export function describePinnedKeys(configs: Readonly<Record<NodeName, NodeConfig>>): Promise<ReceiptTrust> {
  const exchanges = Object.values(configs).flatMap((config) => (config.role === 'gateway' ? [config.exchange] : []));
  return describeTrust(exchanges);
}
