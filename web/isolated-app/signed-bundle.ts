import { createPublicKey, type KeyObject } from 'node:crypto';
import { BundleBuilder } from 'wbn';
import { IntegrityBlockSigner, NodeCryptoSigningStrategy, WebBundleId } from 'wbn-sign';
import type { Resource } from './read-site.ts';

/** What isolates the app; Chromium adds the same, so that the bundle says no more than what holds. */
const ISOLATION = {
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export interface SignedApp {
  /** A signed web bundle, `.swbn`. */
  readonly bundle: Uint8Array;
  /** Where the app lives: `isolated-app://` and its key in base32. */
  readonly origin: string;
}

/** The origin of whatever is signed with a key. */
export function isolatedAppOrigin(key: KeyObject): string {
  return `isolated-app://${bundleId(key)}`;
}

/** Packs resources into a web bundle and signs it. The key is the app: whoever has it can replace it. */
export async function signApp(resources: readonly Resource[], key: KeyObject): Promise<SignedApp> {
  const origin = isolatedAppOrigin(key);
  const builder = new BundleBuilder('b2');
  for (const { path, type, body } of resources)
    builder.addExchange(`${origin}${path}`, 200, { 'content-type': type, ...ISOLATION }, body);
  const signer = new IntegrityBlockSigner(builder.createBundle(), bundleId(key), [new NodeCryptoSigningStrategy(key)]);
  const { signedWebBundle } = await signer.sign();
  return { bundle: signedWebBundle, origin };
}

const bundleId = (key: KeyObject): string =>
  new WebBundleId(key.type === 'private' ? createPublicKey(key) : key).serialize();
