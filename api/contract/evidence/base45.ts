import { EvidenceError } from './errors.ts';

/** The alphabet of QR's alphanumeric mode, which stores these characters denser than any others (RFC 9285 §4.2). */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** Base45 (RFC 9285): two bytes as three characters, little end first. */
export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const [high = 0, low] = bytes.subarray(at, at + 2);
    let value = low === undefined ? high : high * 256 + low;
    for (let digit = 0; digit < (low === undefined ? 2 : 3); digit += 1) {
      text += ALPHABET[value % 45] ?? '';
      value = Math.floor(value / 45);
    }
  }
  return text;
}

/** @throws {EvidenceError} `compact_malformed` */
export function parseBase45(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((character) => ALPHABET.indexOf(character));
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    const size = digits.length - 1;
    if (size < 1 || digits.includes(-1) || value >= 256 ** size) {
      throw new EvidenceError('compact_malformed', 'not base45');
    }
    bytes.push(...(size === 2 ? [value >> 8, value & 0xff] : [value]));
  }
  return Uint8Array.from(bytes);
}
