import type { JWK } from 'jose';
import { digest, encodeBase64Url, encodeUtf8, parseBase64Url } from './encoding.ts';
import { nativePrivateKey, nativePublicKey } from './native-keys.ts';
import { nodeCrypto, type NodeCrypto, type NodeKey } from './node-runtime.ts';

/**
 * Compact JWE, ECDH-ES on P-256 with A256GCM (RFC 7518 §4.6, §5.3), by Node's own cryptography: WebCrypto takes seven steps
 * with a thread each, which is most of what a message costs a server. The texts are the ones that `jose` makes and takes.
 */
export interface NativeJwe {
  /** @param kid the recipient's key, by thumbprint */
  encrypt(recipient: JWK, kid: string, plaintext: Uint8Array): string;
  /**
   * The plaintext; `undefined` for what is the library's: a key that only WebCrypto holds, a header that says more than ours.
   *
   * @throws {TypeError} or what Node throws for one that does not open
   */
  decrypt(key: CryptoKey, jwe: string): Uint8Array | undefined;
}

const HEADER = { alg: 'ECDH-ES', enc: 'A256GCM' } as const;
const CURVE = 'P-256';
const GCM = ['aes-256-gcm', { authTagLength: 16 }] as const;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** OtherInfo of RFC 7518 §4.6.2: the algorithm, no party information, 256 bits. */
const OTHER_INFO = encodeUtf8(`\0\0\0\x07${HEADER.enc}\0\0\0\0\0\0\0\0\0\0\x01\0`);
const ROUND_ONE = [0, 0, 0, 1];
const SECRET_BYTES = 32;

/** Absent where the runtime is no Node. */
export const nativeJwe: NativeJwe | undefined = nodeCrypto && createNativeJwe(nodeCrypto);

function createNativeJwe(node: NodeCrypto): NativeJwe {
  /** Concat KDF (RFC 7518 §4.6.2); the key is as long as the hash, so that one round is all. */
  function agree(privateKey: NodeKey, publicKey: NodeKey): NodeKey {
    const secret = node.diffieHellman({ privateKey, publicKey });
    if (secret.length !== SECRET_BYTES) throw new TypeError('not a secret of P-256');
    const input = new Uint8Array(ROUND_ONE.length + SECRET_BYTES + OTHER_INFO.length);
    input.set(ROUND_ONE);
    input.set(secret, ROUND_ONE.length);
    input.set(OTHER_INFO, ROUND_ONE.length + SECRET_BYTES);
    const key = digest(input);
    const held = node.createSecretKey(key);
    for (const bytes of [secret, input, key]) bytes.fill(0);
    return held;
  }

  return {
    encrypt(recipient, kid, plaintext) {
      const ephemeral = node.generateKeyPairSync('ec', { namedCurve: CURVE });
      const { kty, crv, x, y } = ephemeral.publicKey.export({ format: 'jwk' });
      const header = encodeBase64Url(encodeUtf8(JSON.stringify({ ...HEADER, kid, epk: { kty, crv, x, y } })));
      const key = agree(ephemeral.privateKey, nativePublicKey(recipient));
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const cipher = node.createCipheriv(GCM[0], key, iv, GCM[1]);
      cipher.setAAD(encodeUtf8(header));
      const ciphertext = cipher.update(plaintext);
      cipher.final();
      return `${header}..${[iv, ciphertext, cipher.getAuthTag()].map(encodeBase64Url).join('.')}`;
    },
    decrypt(privateKey, jwe) {
      const held = nativePrivateKey(privateKey);
      if (!held) return undefined;
      const [header = '', wrappedKey, ...rest] = jwe.split('.');
      const { alg, enc, epk, ...more } = readHeader(header);
      if (Object.keys(more).some((name) => name !== 'kid')) return undefined;
      if (alg !== HEADER.alg || enc !== HEADER.enc || wrappedKey !== '') throw new TypeError('another kind of message');
      if (rest.length !== 3 || typeof epk !== 'object' || epk === null) throw new TypeError('not a compact JWE');
      const [iv, ciphertext, tag] = rest.map(parseBase64Url);
      if (!iv || !ciphertext || iv.length !== IV_BYTES || tag?.length !== TAG_BYTES)
        throw new TypeError('wrong lengths');
      const key = agree(held, nativePublicKey(epk));
      const decipher = node.createDecipheriv(GCM[0], key, iv, GCM[1]);
      decipher.setAAD(encodeUtf8(header));
      decipher.setAuthTag(tag);
      const plaintext = decipher.update(ciphertext);
      // Throws unless the tag is the one: nothing of it is believed before.
      decipher.final();
      return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
    },
  };
}

function readHeader(text: string): Record<string, unknown> {
  const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(parseBase64Url(text)));
  if (typeof json !== 'object' || json === null) throw new TypeError('not a header');
  return { ...json };
}
