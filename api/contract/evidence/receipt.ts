import * as z from 'zod';
import { encodeBase64, encodeBase64Url } from '../encoding.ts';
import { EvidenceError } from './errors.ts';
import { SALT_SIZE } from './commitment.ts';

/** What a patient keeps of a visit: anyone with the pinned keys can verify it, with no network. */
export const Receipt = z
  .object({
    version: z.literal(1),
    /** The visit record, a compact JWS. */
    record: z
      .string()
      .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)
      .max(16_384),
    /** The salt of its leaf, 32 bytes as base64url. */
    salt: z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
    /** `c2sp.org/tlog-proof@v1`. */
    proof: z.string().max(65_536),
    /** RFC 3161 token over the proof's checkpoint, base64 DER; absent until an authority stamped it. */
    timestamp: z.base64().max(65_536).optional(),
  })
  .readonly();
export type Receipt = z.infer<typeof Receipt>;

export function createReceipt(record: string, salt: Uint8Array, proof: string, timestamp?: Uint8Array): Receipt {
  if (salt.length !== SALT_SIZE) throw new RangeError('a salt has 32 bytes');
  return {
    ...{ version: 1, record, salt: encodeBase64Url(salt), proof },
    ...(timestamp ? { timestamp: encodeBase64(timestamp) } : {}),
  };
}

/** A receipt from the text of its file. @throws {EvidenceError} `receipt_malformed` */
export function parseReceipt(text: string): Receipt {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new EvidenceError('receipt_malformed', 'not JSON', { cause });
  }
  const parsed = Receipt.safeParse(json);
  if (!parsed.success) {
    throw new EvidenceError('receipt_malformed', parsed.error.issues[0]?.path.join('.') || 'not a receipt');
  }
  return parsed.data;
}

/** The text of a receipt's file. */
export const encodeReceipt = (receipt: Receipt): string => `${JSON.stringify(receipt, undefined, 2)}\n`;
