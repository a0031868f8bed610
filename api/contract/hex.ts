/** Lower-case hex digits: how key identifiers and serial numbers are compared and configured. */
export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
