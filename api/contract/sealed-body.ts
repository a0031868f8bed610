import * as z from 'zod';
import { encodeUtf8 } from './encoding.ts';
import { SIZE_BUCKETS } from './envelope.ts';
import { JoseError, decryptWith, encryptTo, type DecryptionKey, type JWK } from './jose.ts';
import { COMPACT_LIMIT_BYTES, openLargeBody, sealLargeBody } from './large-body.ts';
import { Problem } from './problem.ts';

const SealedContent = z.object({ jws: z.string() });

export interface SealedBody {
  /** A compact JWE; past `COMPACT_LIMIT_BYTES` the bytes of a large body (`large-body.ts`). */
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly sizeBucket: number;
}

const [HEAD, TAIL] = ['{"jws":"', '"}'];

/**
 * Encrypts a signed statement to its recipient. The plaintext is JSON `{"jws": …}` followed by spaces up to the bucket:
 * any JSON parser reads it, and the length says little.
 *
 * @param jws compact, so that it needs no escape in JSON
 * @throws {Problem} `envelope_too_large`
 */
export async function sealBody(jws: string, recipient: JWK): Promise<SealedBody> {
  if (!/^[ !#-[\]-~]*$/.test(jws)) throw new TypeError('not a compact JWS');
  const length = HEAD.length + jws.length + TAIL.length;
  const sizeBucket = SIZE_BUCKETS.find((size) => length <= size);
  if (sizeBucket === undefined) throw new Problem('envelope_too_large', 'more than 64 MiB');
  const padded = new Uint8Array(sizeBucket).fill(0x20);
  padded.set(encodeUtf8(HEAD));
  new TextEncoder().encodeInto(jws, padded.subarray(HEAD.length));
  padded.set(encodeUtf8(TAIL), HEAD.length + jws.length);
  const isLarge = sizeBucket > COMPACT_LIMIT_BYTES;
  return { body: isLarge ? await sealLargeBody(padded, recipient) : await encryptTo(recipient, padded), sizeBucket };
}

/** @throws {Problem} `decryption_failed` */
export async function openBody(body: string | Uint8Array, keys: readonly DecryptionKey[]): Promise<string> {
  try {
    const plaintext = typeof body === 'string' ? await decryptWith(keys, body) : await openLargeBody(body, keys);
    return SealedContent.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext))).jws;
  } catch (cause) {
    const detail = cause instanceof JoseError ? cause.code : 'the content is not ours';
    throw new Problem('decryption_failed', detail, { cause });
  }
}
