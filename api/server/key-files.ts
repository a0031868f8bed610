import { readFile } from 'node:fs/promises';
import { parseCertificate, type Certificate } from '../contract/certificate.ts';
import { parseBase64Url } from '../contract/encoding.ts';
import { importNoteSigner, type NoteSigner } from '../contract/evidence/note-signer.ts';
import {
  importDecryptionKey,
  importSigningKey,
  type DecryptionKey,
  type JWK,
  type SigningKey,
} from '../contract/jose.ts';
import { parsePemCertificates } from '../contract/pem.ts';
import { ConfigError } from '../config/config-error.ts';
import { createImmediateSigner, type ImmediateSigner } from '../visits/record-sealer.ts';

/** Each rejects with `ConfigError` `key_unreadable`, which names the file and never shows what is in it. */
export const readSigningKey = (path: string): Promise<SigningKey> =>
  readKeyFile(path, async (text) => importSigningKey(parseJwk(text)));

export const readImmediateSigner = (path: string): Promise<ImmediateSigner> =>
  readKeyFile(path, (text) => createImmediateSigner(parseJwk(text)));

export const readDecryptionKey = (path: string): Promise<DecryptionKey> =>
  readKeyFile(path, async (text) => importDecryptionKey(parseJwk(text)));

/** @param name the log's origin */
export const readNoteSigner = (path: string, name: string): Promise<NoteSigner> =>
  readKeyFile(path, async (text) => importNoteSigner(name, parseJwk(text)));

/** @param name the witness's, in every cosignature */
export const readWitnessSigner = (path: string, name: string): Promise<NoteSigner> =>
  readKeyFile(path, async (text) => importNoteSigner(name, parseJwk(text), 'cosignature'));

/** A file of base64url text. */
export const readSecret = (path: string): Promise<Uint8Array> =>
  readKeyFile(path, (text) => Promise.resolve(parseBase64Url(text.trim())));

/** A file of one token: at least sixteen printable characters. */
export const readToken = (path: string): Promise<string> =>
  readKeyFile(path, (text) => {
    const token = text.trim();
    if (!/^[\x21-\x7e]{16,}$/.test(token)) throw new TypeError('no token');
    return Promise.resolve(token);
  });

/** The CA certificates of a PEM file. */
export const readAnchors = (path: string): Promise<readonly Certificate[]> =>
  readKeyFile(path, (text) => Promise.resolve(parsePemCertificates(text).map((der) => parseCertificate(der))));

function parseJwk(text: string): JWK {
  const json: unknown = JSON.parse(text);
  if (typeof json !== 'object' || json === null) throw new TypeError('not a JWK');
  return json;
}

async function readKeyFile<T>(path: string, read: (text: string) => Promise<T>): Promise<T> {
  try {
    return await read(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ConfigError('key_unreadable', `${path} cannot be read as what it should be`, { cause });
  }
}
