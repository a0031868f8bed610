import { encodeBase64, parseBase64 } from '../encoding.ts';

/** A tree size or leaf index as C2SP texts write it: ASCII decimal, no leading zero, within the safe integers. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * Base64 (RFC 4648 §4) in its one canonical form. Anything else is `undefined`: two texts for the same bytes would
 * let one note exist in two spellings.
 */
export function parseCanonicalBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = parseBase64(text);
  } catch {
    return undefined;
  }
  return encodeBase64(bytes) === text ? bytes : undefined;
}

/** A SHA-256 value as a base64 line. */
export function parseHash(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = parseCanonicalBase64(text);
  return bytes?.length === 32 ? bytes : undefined;
}

export const isSameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);
