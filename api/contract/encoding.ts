import { sha256 } from '@noble/hashes/sha2.js';

const BASE64_CHUNK = 0x8000;

/**
 * The runtime's own hash where it has one that answers at once (Node's `crypto.hash`): servers hash every body they relay.
 * Browsers have only an asynchronous one.
 */
const native = (globalThis as Runtime).process?.getBuiltinModule?.('node:crypto')?.hash;

/** Node's bytes, which write and read Base64 many times faster than `btoa` and `atob`. */
const NodeBytes = (globalThis as Runtime).Buffer;

interface Runtime {
  readonly process?: {
    readonly getBuiltinModule?: (
      name: 'node:crypto',
    ) =>
      | { readonly hash?: (algorithm: 'sha256', content: Uint8Array | string, encoding: 'buffer') => Uint8Array }
      | undefined;
  };
  readonly Buffer?: {
    from(
      buffer: ArrayBufferLike,
      offset: number,
      length: number,
    ): { toString(encoding: 'base64' | 'base64url'): string };
    from(text: string, encoding: 'latin1'): Uint8Array;
  };
}

/** RFC 4648 §4, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  if (NodeBytes) return NodeBytes.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
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
  if (NodeBytes) return new Uint8Array(NodeBytes.from(binary, 'latin1'));
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** RFC 4648 §5, without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  if (NodeBytes) return NodeBytes.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
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
  return parseBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
}

export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** SHA-256 of bytes, or of a text's UTF-8 form. */
export function digest(content: Uint8Array | string): Uint8Array<ArrayBuffer> {
  if (native) return new Uint8Array(native('sha256', content, 'buffer'));
  return new Uint8Array(sha256(typeof content === 'string' ? encodeUtf8(content) : content));
}

/** SHA-256 as base64url: how every hash travels inside our JSON. */
export function digestBase64Url(content: Uint8Array | string): string {
  return encodeBase64Url(digest(content));
}
