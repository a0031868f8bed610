import * as z from 'zod';
import { encodeUtf8 } from './encoding.ts';
import { SIZE_BUCKETS } from './envelope.ts';
import { JoseError, decryptWith, encryptTo, type DecryptionKey, type JWK } from './jose.ts';
import { Problem } from './problem.ts';

const SealedContent = z.object({ jws: z.string() });

export interface SealedBody {
  /** Compact JWE. */
  readonly body: string;
  readonly sizeBucket: number;
}

/**
 * Encrypts a signed statement to its recipient. The plaintext is JSON `{"jws": …}` followed by spaces up to the bucket:
 * any JSON parser reads it, and the length says little.
 *
 * @throws {Problem} `envelope_too_large`
 */
export async function sealBody(jws: string, recipient: JWK): Promise<SealedBody> {
  const content = encodeUtf8(JSON.stringify({ jws }));
  const sizeBucket = SIZE_BUCKETS.find((size) => content.length <= size);
  if (sizeBucket === undefined) throw new Problem('envelope_too_large', 'more than 64 MiB');
  const padded = new Uint8Array(sizeBucket).fill(0x20);
  padded.set(content);
  return { body: await encryptTo(recipient, padded), sizeBucket };
}

/** @throws {Problem} `decryption_failed` */
export async function openBody(body: string, keys: readonly DecryptionKey[]): Promise<string> {
  try {
    const plaintext = await decryptWith(keys, body);
    return SealedContent.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext))).jws;
  } catch (cause) {
    const detail = cause instanceof JoseError ? cause.code : 'the content is not ours';
    throw new Problem('decryption_failed', detail, { cause });
  }
}
