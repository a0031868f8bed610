import type { EcPublicJwk } from '../directory.ts';
import { thumbprint } from '../jose.ts';
import type { ReceiptTrust } from './trust.ts';

/** What an exchange's verified directory says about the keys behind its receipts. */
export interface EvidenceKeys {
  readonly signingKeys: readonly EcPublicJwk[];
  readonly logKeys: readonly string[];
}

/**
 * What somebody who believes these exchanges pins, to verify receipts without a network. Directories are verified
 * beforehand, by whoever calls.
 */
export async function describeTrust(exchanges: readonly EvidenceKeys[]): Promise<ReceiptTrust> {
  const keys = exchanges.flatMap(({ signingKeys }) => signingKeys);
  const entries = await Promise.all(keys.map(async (key) => [await thumbprint(key), key] as const));
  return { logKeys: exchanges.flatMap(({ logKeys }) => logKeys), exchangeKeys: Object.fromEntries(entries) };
}
