/** Bytes from standard base64 with padding (RFC 4648 §4). */
export function parseBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Bytes from base64url without padding (RFC 4648 §5), as JSON Web Keys carry them. */
export function parseBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return parseBase64(
    text
      .replaceAll('-', '+')
      .replaceAll('_', '/')
      .padEnd(Math.ceil(text.length / 4) * 4, '='),
  );
}

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
