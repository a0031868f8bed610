import type { CardChannel } from '../../iso7816/card-channel.ts';
import { exchange } from '../../iso7816/exchange.ts';
import { requireOk } from '../../iso7816/status-word.ts';
import { encodeDigestInfo } from '../digest-info.ts';

const SIGNATURE_SIZE_BYTES = 256;

/** P2: the key that an application uses when none is named. */
export const DEFAULT_KEY = 0x00;

/**
 * P1 of COMPUTE DIGITAL SIGNATURE: what the data is, and what the card makes of it. Only the first is used by programs in
 * the field; the others were found by trying.
 */
export const SIGNATURE_FORMS = {
  /** A DigestInfo, or any 1 to 245 bytes; the card adds PKCS#1 v1.5 padding. */
  digestInfo: 0x00,
  /** A message of 1 to 255 bytes; the card signs its bare SHA-256 hash. */
  messageBareHash: 0x01,
  /** A SHA-256 digest; the card adds DigestInfo and PKCS#1 v1.5 padding. */
  digest: 0x02,
  /** A message of 1 to 255 bytes; the card hashes, then as `digest`. */
  message: 0x03,
  /** A SHA-256 digest; the card makes RSASSA-PSS with a random salt. */
  digestPss: 0x04,
  /** A message of 1 to 255 bytes; the card hashes, then as `digestPss`. */
  messagePss: 0x05,
} as const;
export type SignatureForm = keyof typeof SIGNATURE_FORMS;

/**
 * COMPUTE DIGITAL SIGNATURE, `80 2A P1 P2`.
 *
 * @param key P2: `DEFAULT_KEY`, or 80 | short identifier
 * @throws {CardError} `not_permitted` when the key wants a PIN first
 */
export async function computeSignature(
  channel: CardChannel,
  key: number,
  form: SignatureForm,
  data: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const command = { cla: 0x80, ins: 0x2a, p1: SIGNATURE_FORMS[form], p2: key, data, ne: SIGNATURE_SIZE_BYTES };
  return requireOk(await exchange(channel, command, signal), 'COMPUTE DIGITAL SIGNATURE');
}

/** RSASSA-PKCS1-v1_5 signature of a SHA-256 digest, in the form that every program in the field uses. */
export function signDigest(
  channel: CardChannel,
  key: number,
  digest: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return computeSignature(channel, key, 'digestInfo', encodeDigestInfo(digest), signal);
}
