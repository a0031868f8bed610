import type { EcPublicJwk } from '../ec-public-jwk.ts';
import { thumbprint } from '../jose.ts';
import type { LogWitnesses } from './log-witnesses.ts';
import type { ReceiptTrust } from './trust.ts';
import { parseVerifierKey } from './verifier-key.ts';

/** What an exchange's verified directory says about the keys behind its receipts. */
export interface EvidenceKeys {
  readonly signingKeys: readonly EcPublicJwk[];
  /** Keys that signed before: their records stay genuine. */
  readonly formerKeys?: readonly EcPublicJwk[] | undefined;
  readonly logKeys: readonly string[];
  /** Who watches the log. */
  readonly witnesses?: LogWitnesses | undefined;
  /** Whose clocks stamp the log: certificates, base64 DER. */
  readonly timestampAnchors?: readonly string[] | undefined;
}

/**
 * What somebody who believes these exchanges pins, to verify receipts without a network. Directories are verified
 * beforehand, by whoever calls.
 *
 * @throws {EvidenceError} `vkey_malformed`
 */
export async function describeTrust(exchanges: readonly EvidenceKeys[]): Promise<ReceiptTrust> {
  const keys = exchanges.flatMap(({ signingKeys, formerKeys }) => [...signingKeys, ...(formerKeys ?? [])]);
  const entries = await Promise.all(keys.map(async (key) => [await thumbprint(key), key] as const));
  const policies = exchanges.flatMap(({ logKeys, witnesses }) =>
    witnesses ? logKeys.map((key) => [parseVerifierKey(key).name, witnesses] as const) : [],
  );
  const anchors = exchanges.flatMap(({ logKeys, timestampAnchors = [] }) =>
    timestampAnchors.length > 0 ? logKeys.map((key) => [parseVerifierKey(key).name, timestampAnchors] as const) : [],
  );
  return {
    logKeys: exchanges.flatMap(({ logKeys }) => logKeys),
    exchangeKeys: Object.fromEntries(entries),
    logPolicies: Object.fromEntries(policies),
    logTimestampAnchors: Object.fromEntries(anchors),
  };
}
