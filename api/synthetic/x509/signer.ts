import type { Base64, RsaPrivateJwk } from 'webusb-ccid/simulated';
import { parseBase64 } from '../../contract/encoding.ts';
import { toSigningKey } from './certificate-key.ts';
import { authorityKeyId } from './extensions.ts';
import { importRsaPrivateKey } from './key-pair.ts';
import { type Extension, X509Certificate } from './peculiar.ts';

/** An authority's certificate and key as JSON keeps them. */
export interface SignerData {
  readonly certificate: Base64;
  readonly privateKey: RsaPrivateJwk;
}

/** What an authority signs with, and how everything it signs names it. */
export interface Signer {
  readonly key: CryptoKey;
  readonly keyId: Extension;
}

/** An authority signs dozens of certificates: its own is read once. */
const signers = new WeakMap<SignerData, Promise<Signer>>();

/** The signer that this data describes. */
export function signerOf(data: SignerData): Promise<Signer> {
  const known = signers.get(data);
  if (known) return known;
  const signer = createSigner(data);
  signers.set(data, signer);
  return signer;
}

async function createSigner({ certificate, privateKey }: SignerData): Promise<Signer> {
  return {
    key: await toSigningKey(importRsaPrivateKey(privateKey)),
    keyId: authorityKeyId(new X509Certificate(parseBase64(certificate))),
  };
}
