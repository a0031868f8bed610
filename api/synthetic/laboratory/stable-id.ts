import { digest } from '../../contract/encoding.ts';
import { encodeHex } from '../../contract/hex.ts';

/** A UUID that a text determines (RFC 9562 §5.8): a bundle made again has the same ids, and is recognised as the same. */
export function stableUuid(text: string): string {
  const bytes = digest(text).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return encodeHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
