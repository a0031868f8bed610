import { encodeBase64Url, parseBase64Url } from '../encoding.ts';
import { encodeBase45, parseBase45 } from './base45.ts';
import { ByteReader, ByteWriter } from './byte-writer.ts';
import { encodeCheckpoint } from './checkpoint.ts';
import { SALT_SIZE } from './commitment.ts';
import { EvidenceError } from './errors.ts';
import { createReceipt, type Receipt } from './receipt.ts';
import { encodeTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.ts';
import { HASH_SIZE } from './tree-hash.ts';

/** Marks the text of a QR code as a receipt, version 1. Only characters of QR's alphanumeric mode. */
const PREFIX = 'TSUNAGI1:';
/** No honest receipt is larger once inflated. */
const MAX_BYTES = 65_536;
const KEY_ID_SIZE = 4;

/**
 * A receipt as the text of a QR code: its parts as bytes, deflated (RFC 1951), in Base45.
 *
 * @throws {RangeError} when the record's base64url is not canonical; @throws {EvidenceError} when the proof is malformed
 */
export async function encodeCompactReceipt(receipt: Receipt): Promise<string> {
  const writer = new ByteWriter();
  for (const part of receipt.record.split('.')) {
    const bytes = parseBase64Url(part);
    if (encodeBase64Url(bytes) !== part) throw new RangeError('the record is not canonical base64url');
    writer.bytes(bytes);
  }
  writer.raw(parseBase64Url(receipt.salt));
  writeProof(writer, parseTlogProof(receipt.proof));
  return PREFIX + encodeBase45(await transform(writer.finish(), new CompressionStream('deflate-raw')));
}

/** Whether a text claims to be a compact receipt. */
export const isCompactReceipt = (text: string): boolean => text.startsWith(PREFIX);

/** The receipt in the text of a QR code; verifies nothing. @throws {EvidenceError} `compact_malformed` */
export async function parseCompactReceipt(text: string): Promise<Receipt> {
  if (!isCompactReceipt(text)) throw new EvidenceError('compact_malformed', 'not the text of a receipt');
  const reader = new ByteReader(await inflate(parseBase45(text.slice(PREFIX.length))));
  const record = [reader.bytes(), reader.bytes(), reader.bytes()].map(encodeBase64Url).join('.');
  const salt = reader.raw(SALT_SIZE);
  const proof = encodeTlogProof(readProof(reader));
  reader.finish();
  return createReceipt(record, salt, proof);
}

function writeProof(writer: ByteWriter, { index, hashes, extra, signedCheckpoint }: TlogProof): void {
  const { checkpoint, note } = signedCheckpoint;
  writer.number(index).number(hashes.length);
  hashes.forEach((hash) => writer.raw(hash));
  writer.number(extra ? 1 : 0);
  if (extra) writer.bytes(extra);
  writer.text(checkpoint.origin).number(checkpoint.size).raw(checkpoint.root).number(checkpoint.extensions.length);
  checkpoint.extensions.forEach((line) => writer.text(line));
  writer.number(note.signatures.length);
  note.signatures.forEach(({ name, keyId, signature }) => writer.text(name).raw(keyId).bytes(signature));
}

function readProof(reader: ByteReader): TlogProof {
  const index = reader.number();
  const hashes = reader.list((from) => from.raw(HASH_SIZE));
  const [extra] = reader.list((from) => from.bytes());
  const checkpoint = {
    origin: reader.text(),
    size: reader.number(),
    root: reader.raw(HASH_SIZE),
    extensions: reader.list((from) => from.text()),
  };
  const signatures = reader.list((from) => ({
    name: from.text(),
    keyId: from.raw(KEY_ID_SIZE),
    signature: from.bytes(),
  }));
  const note = { text: encodeCheckpoint(checkpoint), signatures };
  return { index, hashes, signedCheckpoint: { checkpoint, note }, ...(extra ? { extra } : {}) };
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await transform(bytes, new DecompressionStream('deflate-raw'));
  } catch (cause) {
    throw cause instanceof EvidenceError ? cause : new EvidenceError('compact_malformed', 'not deflated', { cause });
  }
}

async function transform(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new EvidenceError('compact_malformed', 'too large');
    }
  }
  const joined = new Uint8Array(size);
  chunks.reduce((at, chunk) => (joined.set(chunk, at), at + chunk.length), 0);
  return joined;
}
