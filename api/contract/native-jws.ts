import type { JWK } from 'jose';
import { encodeEcSignature, flattenEcSignature } from './ecdsa-signature.ts';
import { encodeUtf8 } from './encoding.ts';
import { nativePrivateKey, nativePublicKey } from './native-keys.ts';
import { nodeCrypto, type NodeCrypto } from './node-runtime.ts';

export type NativeAlgorithm = 'ES256' | 'RS256';

/**
 * Signatures of JWS (RFC 7518 §3.3, §3.4) by Node's own cryptography: a third of what the same costs through WebCrypto, and a
 * server makes and checks thousands a second. The texts are the ones that `jose` makes and takes.
 */
export interface NativeJws {
  /** ES256; `undefined` for a key that only WebCrypto holds. @param input header `.` payload */
  sign(key: CryptoKey, input: string): Uint8Array | undefined;
  /** @throws {TypeError} for a key that is none of the algorithm's */
  verify(alg: NativeAlgorithm, key: JWK, input: string, signature: Uint8Array): boolean;
}

const P256_BYTES = 32;
const KEY_TYPES = { ES256: 'ec', RS256: 'rsa' } as const satisfies Record<NativeAlgorithm, string>;

/** Absent where the runtime is no Node. */
export const nativeJws: NativeJws | undefined = nodeCrypto && createNativeJws(nodeCrypto);

function createNativeJws(node: NodeCrypto): NativeJws {
  return {
    sign(key, input) {
      const held = nativePrivateKey(key);
      // A key handed over without options is used as it is; signatures with options take twice as long.
      return held && flattenEcSignature(new Uint8Array(node.sign('sha256', encodeUtf8(input), held)), P256_BYTES);
    },
    verify(alg, jwk, input, signature) {
      const key = nativePublicKey(jwk);
      if (key.asymmetricKeyType !== KEY_TYPES[alg]) throw new TypeError('a key of another algorithm');
      if (alg === 'RS256') return node.verify('sha256', encodeUtf8(input), key, signature);
      if (signature.length !== 2 * P256_BYTES) return false;
      return node.verify('sha256', encodeUtf8(input), key, encodeEcSignature(signature));
    },
  };
}
