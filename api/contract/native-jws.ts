import type { JWK } from 'jose';
import { encodeEcSignature, flattenEcSignature } from './ecdsa-signature.ts';
import { encodeUtf8 } from './encoding.ts';
import { nativePrivateKey, nativePublicKey } from './native-keys.ts';
import { nodeCrypto, type NodeCrypto, type NodeKey } from './node-runtime.ts';

export type NativeAlgorithm = 'ES256' | 'RS256';

/**
 * Signatures of JWS (RFC 7518 §3.3, §3.4) by Node's own cryptography: a third of what the same costs through WebCrypto, and a
 * server makes and checks thousands a second. The texts are the ones that `jose` makes and takes.
 */
export interface NativeJws {
  /** ES256; `undefined` for a key that only WebCrypto holds. @param input header `.` payload */
  sign(key: CryptoKey, input: string): Uint8Array | undefined;
  /** Rejects with `TypeError` for a key that is none of the algorithm's. */
  verify(alg: NativeAlgorithm, key: JWK, input: string, signature: Uint8Array): Promise<boolean>;
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
    // Async for what it throws.
    async verify(alg, jwk, input, signature) {
      const key = nativePublicKey(jwk);
      if (key.asymmetricKeyType !== KEY_TYPES[alg]) throw new TypeError('a key of another algorithm');
      const data = encodeUtf8(input);
      if (alg === 'RS256') return verifyAside(data, key, signature);
      return signature.length === 2 * P256_BYTES && node.verify('sha256', data, key, encodeEcSignature(signature));
    },
  };

  /**
   * Cards sign with RSA. An exchange checks one for each visit, on another core than the one that writes visits down; all else
   * is checked where it is, for what going aside costs.
   */
  function verifyAside(data: Uint8Array, key: NodeKey, signature: Uint8Array): Promise<boolean> {
    return new Promise((resolve, reject) => {
      node.verify('sha256', data, key, signature, (failure, isSigned) =>
        failure ? reject(failure) : resolve(isSigned),
      );
    });
  }
}
