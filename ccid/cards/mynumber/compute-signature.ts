import type { CardChannel } from '../../iso7816/card-channel.ts';
import { exchange } from '../../iso7816/exchange.ts';
import { requireOk } from '../../iso7816/status-word.ts';
import { encodeDigestInfo } from '../digest-info.ts';

const SIGNATURE_SIZE_BYTES = 256;

/** P2: the key that an application uses when none is named. */
export const DEFAULT_KEY = 0x00;

/**
 * COMPUTE DIGITAL SIGNATURE with a ready DigestInfo, `80 2A 00 P2`: an RSASSA-PKCS1-v1_5 signature with SHA-256.
 *
 * @param digest SHA-256 of what is signed
 * @param key P2: `DEFAULT_KEY`, or 80 | short identifier
 * @throws {CardError} `not_permitted` when the key wants a PIN first
 */
export async function computeSignature(
  channel: CardChannel,
  key: number,
  digest: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const command = { cla: 0x80, ins: 0x2a, p1: 0, p2: key, data: encodeDigestInfo(digest), ne: SIGNATURE_SIZE_BYTES };
  return requireOk(await exchange(channel, command, signal), 'COMPUTE DIGITAL SIGNATURE');
}
