import { encodeUtf8 } from './encoding.ts';

/**
 * Encrypted content of any length, record by record: `aes128gcm` of RFC 8188. Who opens it holds one record at a time, and
 * learns of a changed, lost, doubled or missing record before its bytes are believed.
 */
export interface ContentKey {
  /** Input keying material, 32 random bytes, for one content. */
  readonly secret: Uint8Array<ArrayBuffer>;
  /** 16 random bytes. */
  readonly salt: Uint8Array<ArrayBuffer>;
}

export const CONTENT_HEADER_BYTES = 21;
const SALT_BYTES = 16;
const TAG_BYTES = 16;
/** Tag and delimiter. */
export const RECORD_OVERHEAD_BYTES = TAG_BYTES + 1;
const MORE = 1;
const LAST = 2;

/** The content does not open: another key, or not what was sealed. */
export class ContentError extends Error {
  readonly code = 'content_malformed';
  constructor(detail: string, options?: ErrorOptions) {
    super(`content_malformed: ${detail}`, options);
    this.name = 'ContentError';
  }
}

/** Length of the encrypted form of `size` bytes, with an empty key id. */
export const encryptedLength = (size: number, recordSize: number): number =>
  CONTENT_HEADER_BYTES +
  size +
  Math.max(1, Math.ceil(size / (recordSize - RECORD_OVERHEAD_BYTES))) * RECORD_OVERHEAD_BYTES;

/** RFC 8188 §2: salt, record size, key id (empty: who opens it knows the key), then the records. */
export async function* encryptContent(
  plaintext: Uint8Array,
  key: ContentKey,
  recordSize: number,
  keyId: Uint8Array = new Uint8Array(),
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(CONTENT_HEADER_BYTES + keyId.length);
  header.set(key.salt);
  new DataView(header.buffer).setUint32(SALT_BYTES, recordSize);
  header[SALT_BYTES + 4] = keyId.length;
  header.set(keyId, CONTENT_HEADER_BYTES);
  yield header;
  const cipher = await deriveCipher(key, 'encrypt');
  const room = recordSize - RECORD_OVERHEAD_BYTES;
  for (let sequence = 0, at = 0; sequence === 0 || at < plaintext.length; sequence += 1, at += room) {
    const piece = plaintext.subarray(at, at + room);
    const record = new Uint8Array(piece.length + 1);
    record.set(piece);
    record[piece.length] = at + room < plaintext.length ? MORE : LAST;
    yield new Uint8Array(await crypto.subtle.encrypt(cipher.nonceFor(sequence), cipher.key, record));
  }
}

/**
 * Opens what `encryptContent` made, as it comes in; pieces may be cut anywhere.
 *
 * @param secret `ContentKey.secret`
 * @throws {ContentError}
 */
export async function* decryptContent(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  secret: Uint8Array<ArrayBuffer>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = createRecordReader(pieces);
  const head = await reader.take(CONTENT_HEADER_BYTES);
  if (head.length < CONTENT_HEADER_BYTES) throw new ContentError('the header is cut off');
  const recordSize = new DataView(head.buffer).getUint32(SALT_BYTES);
  if (recordSize < RECORD_OVERHEAD_BYTES + 1) throw new ContentError('records without content');
  await reader.take(head[SALT_BYTES + 4] ?? 0);
  const cipher = await deriveCipher({ secret, salt: head.slice(0, SALT_BYTES) }, 'decrypt');
  for (let sequence = 0; ; sequence += 1) {
    const record = await reader.take(recordSize);
    const plain = await open(cipher, sequence, record);
    const end = plain.findLastIndex((byte) => byte !== 0);
    const isLast = plain[end] === LAST;
    // RFC 8188 §2: a last record that is not last, or the other way round, is a cut or a join.
    if (end < 0 || (!isLast && plain[end] !== MORE)) throw new ContentError('no delimiter');
    if (isLast !== (await reader.isAtEnd())) throw new ContentError('records are missing or too many');
    yield plain.subarray(0, end);
    if (isLast) return;
  }
}

interface Cipher {
  readonly key: CryptoKey;
  nonceFor(sequence: number): AesGcmParams;
}

/** RFC 8188 §2.2, §2.3. */
async function deriveCipher({ secret, salt }: ContentKey, use: 'encrypt' | 'decrypt'): Promise<Cipher> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits', 'deriveKey']);
  const hkdf = (info: string) => ({ name: 'HKDF', hash: 'SHA-256', salt, info: encodeUtf8(`${info}\0`) });
  const aes = { name: 'AES-GCM', length: 128 };
  const key = await crypto.subtle.deriveKey(hkdf('Content-Encoding: aes128gcm'), base, aes, false, [use]);
  const start = new Uint8Array(await crypto.subtle.deriveBits(hkdf('Content-Encoding: nonce'), base, 96));
  return {
    key,
    nonceFor(sequence) {
      const iv = start.slice();
      const counter = new DataView(iv.buffer);
      // Sequences stay far below 2^32: the low word is enough.
      counter.setUint32(8, (counter.getUint32(8) ^ sequence) >>> 0);
      return { name: 'AES-GCM', iv };
    },
  };
}

async function open(cipher: Cipher, sequence: number, record: Uint8Array<ArrayBuffer>) {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(cipher.nonceFor(sequence), cipher.key, record));
  } catch (cause) {
    throw new ContentError(`record ${sequence} does not open`, { cause });
  }
}

/** Cuts a stream of pieces into lengths that are asked for; the last may be shorter. */
function createRecordReader(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
  const source = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  let held = new Uint8Array();
  const fill = async (): Promise<boolean> => {
    while (held.length === 0) {
      const next = await source.next();
      if (next.done) return false;
      held = new Uint8Array(next.value);
    }
    return true;
  };
  return {
    async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
      const taken = new Uint8Array(length);
      let at = 0;
      while (at < length && (await fill())) {
        const piece = held.subarray(0, length - at);
        taken.set(piece, at);
        at += piece.length;
        held = held.subarray(piece.length);
      }
      return taken.slice(0, at);
    },
    isAtEnd: async () => !(await fill()),
  };
}
