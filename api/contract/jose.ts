import {
  CompactEncrypt,
  CompactSign,
  calculateJwkThumbprint,
  compactDecrypt,
  compactVerify,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CompactJWSHeaderParameters,
  type JWK,
} from 'jose';
import type * as z from 'zod';
import { encodeBase64Url, encodeUtf8, parseBase64Url } from './encoding.ts';
import { nativeJwe } from './native-jwe.ts';
import { nativeJws, type NativeAlgorithm } from './native-jws.ts';
import { adoptPrivateKey } from './native-keys.ts';

export type { JWK } from 'jose';

export const JOSE_ERROR_CODES = [
  'jws_malformed',
  'jws_wrong_type',
  'jws_unknown_key',
  'jws_bad_signature',
  'jws_wrong_claims',
  'jwe_malformed',
  'jwe_wrong_key',
] as const;
export type JoseErrorCode = (typeof JOSE_ERROR_CODES)[number];

/** Why a signed or encrypted object was refused; callers turn it into the problem of their area. */
export class JoseError extends Error {
  readonly code: JoseErrorCode;
  constructor(code: JoseErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'JoseError';
    this.code = code;
  }
}

/** A private key that signs with ES256; `kid` is the RFC 7638 thumbprint of the public half. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** A private key that opens ECDH-ES messages; `kid` as above. */
export interface DecryptionKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** RFC 7638. Computed once for each key object: keys are never changed in place. */
export function thumbprint(jwk: JWK): Promise<string> {
  const known = thumbprints.get(jwk);
  if (known) return known;
  const computing = calculateJwkThumbprint(jwk, 'sha256');
  thumbprints.set(jwk, computing);
  return computing;
}

const thumbprints = new WeakMap<JWK, Promise<string>>();

/** A fresh ES256 key as a private JWK, for a key file. */
export const createSigningJwk = async (): Promise<JWK> =>
  exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);

/** A fresh P-256 ECDH-ES key as a private JWK, for a key file. */
export const createDecryptionJwk = async (): Promise<JWK> =>
  exportJWK((await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })).privateKey);

/** The public members of an EC or RSA key, and nothing else. */
export function publicPart({ kty, crv, x, y, n, e }: JWK): JWK {
  return Object.fromEntries(Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined));
}

export function importSigningKey(privateJwk: JWK): Promise<SigningKey> {
  return importPrivateKey(privateJwk, 'ES256');
}

export function importDecryptionKey(privateJwk: JWK): Promise<DecryptionKey> {
  return importPrivateKey(privateJwk, 'ECDH-ES');
}

async function importPrivateKey(privateJwk: JWK, alg: 'ES256' | 'ECDH-ES') {
  const publicJwk = publicPart(privateJwk);
  const privateKey = await importCryptoKey(privateJwk, alg);
  adoptPrivateKey(privateKey, privateJwk);
  return { kid: await thumbprint(publicJwk), privateKey, publicJwk };
}

const publicKeys = new WeakMap<JWK, Map<string, Promise<CryptoKey>>>();

/** The public half, imported once for each key object and algorithm: a server verifies with the same few keys all day. */
function importPublicKey(jwk: JWK, alg: string): Promise<CryptoKey> {
  const byAlg = publicKeys.get(jwk) ?? new Map<string, Promise<CryptoKey>>();
  publicKeys.set(jwk, byAlg);
  const importing = byAlg.get(alg) ?? importCryptoKey(publicPart(jwk), alg);
  byAlg.set(alg, importing);
  return importing;
}

async function importCryptoKey(jwk: JWK, alg: string): Promise<CryptoKey> {
  const key = await importJWK(jwk, alg);
  if (key instanceof Uint8Array) throw new TypeError('not an asymmetric key');
  return key;
}

/** Signs JSON claims as a compact JWS with `typ`, so that one kind of statement can never pass for another. */
export async function signClaims(
  typ: string,
  claims: object,
  key: SigningKey,
  header: Partial<CompactJWSHeaderParameters> = {},
): Promise<string> {
  const protectedHeader = { ...header, alg: 'ES256', typ, kid: key.kid };
  if (nativeJws && isPlain(protectedHeader)) {
    const input = `${encodeJson(protectedHeader)}.${encodeJson(claims)}`;
    const signature = nativeJws.sign(key.privateKey, input);
    if (signature) return `${input}.${encodeBase64Url(signature)}`;
  }
  return new CompactSign(encodeUtf8(JSON.stringify(claims))).setProtectedHeader(protectedHeader).sign(key.privateKey);
}

const encodeJson = (value: object): string => encodeBase64Url(encodeUtf8(JSON.stringify(value)));

/** A header without the members that change what is signed or must be understood (RFC 7515 §4.1.11, RFC 7797): the library's. */
const isPlain = (header: object): boolean => !('crit' in header) && !('b64' in header);

export interface VerifiedClaims<T> {
  readonly claims: T;
  /** Thumbprint of the key that verified, computed here: the header's `kid` is only a hint. */
  readonly signer: string;
}

/**
 * Verifies a compact JWS of the given `typ` and parses its claims.
 *
 * `findKey` decides whom to trust; it sees the header before anything is believed.
 *
 * @throws {JoseError}
 */
export async function verifyClaims<T>(
  jws: string,
  expected: {
    readonly typ: string;
    readonly alg?: 'ES256' | 'RS256';
    readonly claims: z.ZodType<T>;
    readonly crit?: Readonly<Record<string, boolean>>;
    readonly findKey: (header: CompactJWSHeaderParameters) => JWK | undefined | Promise<JWK | undefined>;
  },
): Promise<VerifiedClaims<T>> {
  const alg = expected.alg ?? 'ES256';
  const header = readHeader(jws);
  if (header.typ !== expected.typ) throw new JoseError('jws_wrong_type', `expected ${expected.typ}`);
  // The library takes spaces and spare bits in a signature; what is signed has one form here.
  if (!isStrict(jws.slice(jws.lastIndexOf('.') + 1)))
    throw new JoseError('jws_malformed', 'the signature is not base64url');
  const jwk = await expected.findKey(header);
  if (!jwk) throw new JoseError('jws_unknown_key', 'the signer is not known here');
  let payload: Uint8Array;
  try {
    payload = await (isPlain(header) && nativeJws ? verifyNatively(jws, header, alg, jwk) : verifyByLibrary(jws, jwk));
  } catch (cause) {
    throw new JoseError('jws_bad_signature', 'the signature does not verify', { cause });
  }
  return { claims: parseClaims(payload, expected.claims), signer: await thumbprint(jwk) };

  async function verifyByLibrary(text: string, key: JWK): Promise<Uint8Array> {
    const options = { algorithms: [alg], ...(expected.crit ? { crit: { ...expected.crit } } : {}) };
    return (await compactVerify(text, await importPublicKey(key, alg), options)).payload;
  }
}

async function verifyNatively(
  jws: string,
  header: CompactJWSHeaderParameters,
  alg: NativeAlgorithm,
  key: JWK,
): Promise<Uint8Array> {
  const [encodedHeader = '', payload = '', signature = '', ...more] = jws.split('.');
  if (more.length > 0 || header.alg !== alg) throw new TypeError('another kind of signature');
  const isSigned = await nativeJws?.verify(alg, key, `${encodedHeader}.${payload}`, parseBase64Url(signature));
  if (!isSigned) throw new TypeError('the key did not sign this');
  return parseBase64Url(payload);
}

function isStrict(text: string): boolean {
  try {
    parseBase64Url(text);
    return true;
  } catch {
    return false;
  }
}

/** The protected header, unverified. @throws {JoseError} `jws_malformed` */
export function readHeader(jws: string): CompactJWSHeaderParameters {
  try {
    return decodeProtectedHeader(jws) as CompactJWSHeaderParameters;
  } catch (cause) {
    throw new JoseError('jws_malformed', 'not a compact JWS', { cause });
  }
}

/** The claims, unverified: enough to find out whose key must verify them. @throws {JoseError} */
export function readClaims<T>(jws: string, schema: z.ZodType<T>): T {
  const payload = jws.split('.')[1];
  if (!payload) throw new JoseError('jws_malformed', 'not a compact JWS');
  let bytes: Uint8Array;
  try {
    bytes = parseBase64Url(payload);
  } catch (cause) {
    throw new JoseError('jws_malformed', 'not a compact JWS', { cause });
  }
  return parseClaims(bytes, schema);
}

function parseClaims<T>(payload: Uint8Array, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (cause) {
    throw new JoseError('jws_malformed', 'the payload is not JSON', { cause });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new JoseError('jws_wrong_claims', parsed.error.issues[0]?.path.join('.') ?? 'claims');
  return parsed.data;
}

/** Encrypts to one recipient: JWE compact, ECDH-ES + A256GCM (RFC 7518 §4.6). */
export async function encryptTo(recipient: JWK, plaintext: Uint8Array): Promise<string> {
  const kid = await thumbprint(recipient);
  if (nativeJwe) return nativeJwe.encrypt(recipient, kid, plaintext);
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid })
    .encrypt(await importPublicKey(recipient, 'ECDH-ES'));
}

/** @throws {JoseError} `jwe_malformed`, `jwe_wrong_key` */
export async function decryptWith(keys: readonly DecryptionKey[], jwe: string): Promise<Uint8Array> {
  let kid: string | undefined;
  try {
    kid = decodeProtectedHeader(jwe).kid;
  } catch (cause) {
    throw new JoseError('jwe_malformed', 'not a compact JWE', { cause });
  }
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) throw new JoseError('jwe_wrong_key', 'encrypted to a key that is not ours');
  try {
    const opened = nativeJwe?.decrypt(key.privateKey, jwe);
    if (opened) return opened;
    const options = { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] };
    return (await compactDecrypt(jwe, key.privateKey, options)).plaintext;
  } catch (cause) {
    throw new JoseError('jwe_malformed', 'the message does not open', { cause });
  }
}

/** Encrypts with a key that both sides hold: JWE compact, `dir` + A256GCM (RFC 7518 §4.5); the header is authenticated. */
export const encryptDirect = (key: Uint8Array, plaintext: Uint8Array, header: Readonly<Record<string, unknown>>) =>
  new CompactEncrypt(plaintext).setProtectedHeader({ ...header, alg: 'dir', enc: 'A256GCM' }).encrypt(key);

/** @throws {JoseError} `jwe_malformed` */
export async function decryptDirect(key: Uint8Array, jwe: string): Promise<Uint8Array> {
  try {
    const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
    return (await compactDecrypt(jwe, key, options)).plaintext;
  } catch (cause) {
    throw new JoseError('jwe_malformed', 'the message does not open', { cause });
  }
}
