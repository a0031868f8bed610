import { sha256 } from '@noble/hashes/sha2.js';
import { nodeBytes, nodeCrypto } from './node-runtime.ts';

const BASE64_CHUNK = 0x8000;

const encoder = new TextEncoder();

/** RFC 4648 §4, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  if (nodeBytes) return nodeBytes.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  let binary = '';
  for (let at = 0; at < bytes.length; at += BASE64_CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + BASE64_CHUNK));
  }
  return btoa(binary);
}

/** @throws {RangeError} when the text is not base64 */
export function parseBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch (cause) {
    throw new RangeError('not base64', { cause });
  }
  if (nodeBytes) return new Uint8Array(nodeBytes.from(binary, 'latin1'));
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** RFC 4648 §5, without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  if (nodeBytes) return nodeBytes.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** What the last character may be, by how many of a group of four there are: the bits past the last byte are zero. */
const LAST = [/^/, /^(?!)/, /[AQgw]$/, /[AEIMQUYcgkosw048]$/] as const;

/**
 * One text for one value: the bits that no byte uses must be zero (RFC 4648 §3.5), so that a signed text cannot be
 * changed into another that says the same.
 *
 * @throws {RangeError} when the text is not unpadded base64url
 */
export function parseBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || !LAST[text.length % 4]?.test(text)) {
    throw new RangeError('not base64url');
  }
  if (nodeBytes) return new Uint8Array(nodeBytes.from(text, 'base64url'));
  return parseBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
}

export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

const HASH_BYTES = 32;

/**
 * SHA-256 of bytes, or of a text's UTF-8 form; by the runtime's own hash where it has one that answers at once: servers hash
 * every body they relay. Browsers have only an asynchronous one.
 */
export function digest(content: Uint8Array | string): Uint8Array<ArrayBuffer> {
  if (!nodeCrypto) return new Uint8Array(sha256(typeof content === 'string' ? encodeUtf8(content) : content));
  // As a text: to make a buffer takes Node three times as long as the hash, and a tree is made of hashes.
  const text = nodeCrypto.hash('sha256', content, 'latin1');
  const bytes = new Uint8Array(HASH_BYTES);
  for (let at = 0; at < HASH_BYTES; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** SHA-256 as base64url: how every hash travels inside our JSON. */
export function digestBase64Url(content: Uint8Array | string): string {
  return nodeCrypto ? nodeCrypto.hash('sha256', content, 'base64url') : encodeBase64Url(digest(content));
}
