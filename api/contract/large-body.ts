import { ContentError, decryptContent, encryptContent, encryptedLength } from './encrypted-content.ts';
import { encodeUtf8 } from './encoding.ts';
import { decryptWith, encryptTo, JoseError, type DecryptionKey, type JWK } from './jose.ts';

/**
 * A body too large for one JWE, which would have to be held whole, twice, and in base64. It is
 *
 *     compact JWE (ECDH-ES + A256GCM, to the recipient) of 32 random bytes
 *     line feed
 *     RFC 8188 `aes128gcm` content, records of 64 KiB, whose keying material are these bytes
 *
 * so that it is sealed, carried, checked and opened piece by piece.
 */
export const COMPACT_LIMIT_BYTES = 256 * 1024;

export const RECORD_BYTES = 64 * 1024;
/** Longest first line: the JWE of 32 bytes has about 400 characters. */
export const KEY_LINE_LIMIT = 1024;
const SECRET_BYTES = 32;
const LINE_FEED = 0x0a;

/** Bytes of a large body without its first line and the line feed. */
export const largeContentLength = (sizeBucket: number): number => encryptedLength(sizeBucket, RECORD_BYTES);

/** Encrypts a padded plaintext to its recipient. */
export async function sealLargeBody(padded: Uint8Array, recipient: JWK): Promise<Uint8Array<ArrayBuffer>> {
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const line = encodeUtf8(`${await encryptTo(recipient, secret)}\n`);
  const body = new Uint8Array(line.length + largeContentLength(padded.length));
  body.set(line);
  let at = line.length;
  const salt = crypto.getRandomValues(new Uint8Array(16));
  for await (const piece of encryptContent(padded, { secret, salt }, RECORD_BYTES)) {
    body.set(piece, at);
    at += piece.length;
  }
  secret.fill(0);
  return body;
}

/**
 * Opens a large body; the plaintext is the only whole copy.
 *
 * @throws {JoseError} `jwe_malformed`, `jwe_wrong_key`
 */
export async function openLargeBody(body: Uint8Array, keys: readonly DecryptionKey[]): Promise<Uint8Array> {
  const lineLength = findKeyLine(body);
  if (lineLength === undefined) throw new JoseError('jwe_malformed', 'no key line');
  const line = new TextDecoder('latin1').decode(body.subarray(0, lineLength));
  const secret = new Uint8Array(await decryptWith(keys, line));
  const content = body.subarray(lineLength + 1);
  const plaintext = new Uint8Array(content.length);
  let at = 0;
  try {
    for await (const piece of decryptContent([content], secret)) {
      plaintext.set(piece, at);
      at += piece.length;
    }
  } catch (cause) {
    if (!(cause instanceof ContentError)) throw cause;
    throw new JoseError('jwe_malformed', cause.message, { cause });
  } finally {
    secret.fill(0);
  }
  return plaintext.subarray(0, at);
}

/** Length of the first line, when there is one of an allowed length. */
export function findKeyLine(start: Uint8Array): number | undefined {
  const end = start.subarray(0, KEY_LINE_LIMIT + 1).indexOf(LINE_FEED);
  return end > 0 ? end : undefined;
}

/** Smallest and largest whole length of a large body of a bucket. */
export const largeBodyLengths = (sizeBucket: number): { readonly least: number; readonly most: number } => {
  const content = largeContentLength(sizeBucket);
  return { least: content + 2, most: content + KEY_LINE_LIMIT + 1 };
};
