import type { JWK } from 'jose';

/** A key that Node's cryptography holds; handed over as it is, it is used without being looked into again. */
export interface NodeKey {
  readonly asymmetricKeyType?: string;
  readonly asymmetricKeyDetails?: { readonly namedCurve?: string; readonly modulusLength?: number };
  export(options: { readonly format: 'jwk' }): JWK;
}

interface NodeCipher {
  setAAD(bytes: Uint8Array): unknown;
  update(bytes: Uint8Array): Uint8Array;
  final(): Uint8Array;
}

type CreateCipher<Cipher> = (
  algorithm: 'aes-256-gcm',
  key: NodeKey,
  iv: Uint8Array,
  options: { readonly authTagLength: 16 },
) => Cipher;

interface Verify {
  (algorithm: 'sha256', data: Uint8Array, key: NodeKey, signature: Uint8Array): boolean;
  /** On another thread. */
  (
    algorithm: 'sha256',
    data: Uint8Array,
    key: NodeKey,
    signature: Uint8Array,
    done: (failure: Error | null, isSigned: boolean) => void,
  ): void;
}

/** What is used of `node:crypto`. It answers at once: no thread, no promise, a fraction of WebCrypto's cost. */
export interface NodeCrypto {
  hash(algorithm: 'sha256', content: Uint8Array | string, encoding: 'latin1' | 'base64url'): string;
  sign(algorithm: 'sha256', data: Uint8Array, key: NodeKey): Uint8Array;
  readonly verify: Verify;
  createPublicKey(from: string | { readonly key: JWK; readonly format: 'jwk' }): NodeKey;
  /** A cipher asks twice whether plain bytes are a key object, and each no is an exception inside: 15 µs. */
  createSecretKey(bytes: Uint8Array): NodeKey;
  createPrivateKey(from: { readonly key: JWK; readonly format: 'jwk' }): NodeKey;
  generateKeyPairSync(
    type: 'ec',
    options: { readonly namedCurve: 'P-256' },
  ): { readonly publicKey: NodeKey; readonly privateKey: NodeKey };
  diffieHellman(keys: { readonly privateKey: NodeKey; readonly publicKey: NodeKey }): Uint8Array;
  readonly createCipheriv: CreateCipher<NodeCipher & { getAuthTag(): Uint8Array }>;
  readonly createDecipheriv: CreateCipher<NodeCipher & { setAuthTag(tag: Uint8Array): unknown }>;
}

/** What is used of Node's `Buffer`, which writes and reads Base64 many times faster than `btoa` and `atob`. */
export interface NodeBytes {
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'base64' | 'base64url'): string };
  from(text: string, encoding: 'latin1' | 'base64url'): Uint8Array;
}

interface Runtime {
  readonly process?: { readonly getBuiltinModule?: (name: 'node:crypto') => NodeCrypto | undefined };
  readonly Buffer?: NodeBytes;
}

const runtime = globalThis as Runtime;

/** Absent in browsers, and in other runtimes that have only a part of it. */
export const nodeCrypto: NodeCrypto | undefined = whole(runtime.process?.getBuiltinModule?.('node:crypto'));

/** Absent in browsers. */
export const nodeBytes: NodeBytes | undefined = runtime.Buffer;

function whole(crypto: NodeCrypto | undefined): NodeCrypto | undefined {
  return typeof crypto?.hash === 'function' && typeof crypto.diffieHellman === 'function' ? crypto : undefined;
}
