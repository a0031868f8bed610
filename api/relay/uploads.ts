import { createHash } from 'node:crypto';
import type { Envelope } from '../contract/envelope.ts';
import {
  COMPACT_LIMIT_BYTES,
  findKeyLine,
  KEY_LINE_LIMIT,
  largeBodyLengths,
  RECORD_BYTES,
} from '../contract/large-body.ts';
import { Problem } from '../contract/problem.ts';
import { PIECE_LIMIT_BYTES, type UploadState } from '../contract/relay-api.ts';
import type { RelayStore, Upload } from '../storage/relay.ts';
import { admitEnvelope, openSeal, type Caller } from './admission.ts';
import type { RelayParts } from './parts.ts';
import { LONGEST_UPLOAD_MS } from './body-shape.ts';

/**
 * Begins to take a large body, or says how much of it is here. Everything that the envelope itself can be refused for is
 * checked before the first byte.
 *
 * @throws {Problem}
 */
export async function beginUpload(
  parts: RelayParts,
  caller: Caller,
  seal: string | undefined,
  size: number,
): Promise<UploadState> {
  const { envelope } = await openSeal(parts, caller, seal, undefined);
  // It was accepted, and the answer was lost: nothing is missing.
  if (await parts.store.read(envelope.id)) return { id: envelope.id, size, received: size };
  requireLargeSize(envelope, size);
  const known = await parts.store.readUpload(envelope.id);
  if (!known) (await admitEnvelope(parts, caller, envelope, size)).release();
  const { id, from, to, digest } = envelope;
  const expires = new Date(Math.min(Date.parse(envelope.expires), parts.now().getTime() + LONGEST_UPLOAD_MS));
  return toState(await parts.store.openUpload({ id, from, to, digest, size, expires }));
}

/** @throws {Problem} `upload_unknown`: also for one of somebody else */
export async function readUpload(parts: RelayParts, caller: Caller, id: string): Promise<Upload> {
  const upload = await parts.store.readUpload(id);
  const isTheirs =
    upload &&
    (caller.kind === 'member' ? upload.from === caller.id : parts.directory().exchangeOf(upload.from) === caller.id);
  if (!isTheirs) throw new Problem('upload_unknown', 'no such upload');
  return upload;
}

/** Adds a piece. @throws {Problem} `upload_unknown`, `upload_wrong_offset` */
export async function addPiece(
  parts: RelayParts,
  caller: Caller,
  id: string,
  piece: { readonly offset: number; readonly bytes: Uint8Array },
): Promise<UploadState> {
  await readUpload(parts, caller, id);
  return toState(await parts.store.appendUpload(id, piece.offset, piece.bytes));
}

/**
 * Requires that an upload is whole, has the digest that its sender signed, and looks like a large body of its bucket. It is
 * read piece by piece.
 *
 * @throws {Problem} `upload_unknown`, `envelope_digest_mismatch`, `envelope_malformed`
 */
export async function requireWholeUpload(store: RelayStore, envelope: Envelope): Promise<number> {
  const upload = await store.readUpload(envelope.id);
  if (!upload || upload.received !== upload.size) throw new Problem('upload_unknown', 'the upload is not whole');
  requireLargeSize(envelope, upload.size);
  requireLargeShape(await store.readPiece(envelope.id, 0, KEY_LINE_LIMIT + 32));
  const hash = createHash('sha256');
  for (let at = 0; at < upload.size; at += PIECE_LIMIT_BYTES) {
    hash.update(await store.readPiece(envelope.id, at, PIECE_LIMIT_BYTES));
  }
  if (hash.digest('base64url') !== envelope.digest) {
    throw new Problem('envelope_digest_mismatch', 'the body is not the one that was signed');
  }
  return upload.size;
}

function requireLargeSize({ sizeBucket }: Envelope, size: number): void {
  const { least, most } = largeBodyLengths(sizeBucket);
  if (sizeBucket <= COMPACT_LIMIT_BYTES || size < least || size > most) {
    throw new Problem('envelope_malformed', 'the body does not have the size of its bucket');
  }
}

/** A line that is a compact JWE with direct agreement, then RFC 8188 content with our record size. */
function requireLargeShape(start: Uint8Array): void {
  const length = findKeyLine(start);
  const line = length === undefined ? '' : new TextDecoder('latin1').decode(start.subarray(0, length));
  const isJwe = /^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{22}$/.test(line);
  const header = start.subarray((length ?? 0) + 1);
  const recordSize = header.length < 20 ? 0 : new DataView(header.buffer, header.byteOffset).getUint32(16);
  if (!isJwe || recordSize !== RECORD_BYTES) throw new Problem('envelope_malformed', 'not a large body');
}

const toState = ({ id, size, received }: Upload): UploadState => ({ id, size, received });
