import { encodeHex } from '#api/contract/hex.ts';

/** SHA-256 in lower-case hex. */
export async function digestHex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
